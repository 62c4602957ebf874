"""A person at a browser, over HTTP: cookies, CSRF tokens, forms, and being signed in."""

import re
from types import TracebackType
from typing import Any, Self

import httpx

_SENTENCE = re.compile(r"<[^>]+>|\s+")


class Turned(Exception):
    """The server refused: its status, its code where it gave one, and the words a person would read."""

    def __init__(self, response: httpx.Response) -> None:
        self.status, self.code, self.words = response.status_code, "", _SENTENCE.sub(" ", response.text).strip()[:300]
        if response.headers.get("content-type", "").startswith("application/json"):
            answer = response.json()
            self.code, self.words = answer.get("code", ""), answer.get("detail", self.words)
        super().__init__(f"{self.status} {self.code}: {self.words}")


class Browser:
    """One person's cookies and pages."""

    def __init__(self, url: str) -> None:
        self.url = url
        # No proxies of the environment: the server is on this machine or named by the operator.
        self._client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30.0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._client.aclose()

    @property
    def cookie(self) -> str:
        """The Cookie header, for a socket of the same person."""
        return "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())

    async def get(self, path: str) -> str:
        """The text of a page. Raises Turned unless it answers 200."""
        response = await self._client.get(path)
        if response.status_code != httpx.codes.OK:
            raise Turned(response)
        return response.text

    async def post(self, path: str, *, form: str, **data: Any) -> httpx.Response:
        """Send a form as a page's script does; `form` is the page the CSRF token comes from, read if none is there yet.

        The answer may be a redirect, which is not followed. Raises Turned for 4xx and 5xx.
        """
        if "csrftoken" not in self._client.cookies:
            await self.get(form)
        headers = {"X-CSRFToken": self._client.cookies.get("csrftoken") or "", "Referer": f"{self.url}{form}", "Accept": "application/json"}
        response = await self._client.post(path, data={key: str(value) for key, value in data.items()}, headers=headers)
        if response.is_error:
            raise Turned(response)
        return response

    async def sign_in(self, username: str, password: str) -> None:
        """Sign in. Raises Turned if the server does not accept it."""
        response = await self.post("/sign-in/", form="/sign-in/", username=username, password=password)
        if "sessionid" not in self._client.cookies:
            raise Turned(response)
