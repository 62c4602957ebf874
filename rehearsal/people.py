"""What each person of a rehearsal does, through the doors people use: pages, forms and the socket."""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlparse
from uuid import UUID

from rehearsal.browser import Browser, Turned
from rehearsal.cast import Member
from rehearsal.reader import Reader

# How long somebody waits for a question to come to their desk. What is pushed comes at once, and within two
# seconds if the bell was lost.
SECONDS, TOLERANT_SECONDS = 60, 3


@dataclass(frozen=True)
class Slip:
    """A receipt as the asker holds it; `seconds` from sending to having it."""

    number: str
    path: str
    seconds: float


class Over(Exception):
    """The interview is closed: a performance that people joined ends where they end it."""


class Netizen:
    """Asks one question, by the page's socket or by the plain form, and looks at the receipt."""

    def __init__(self, url: str, programme_id: UUID) -> None:
        self._url, self._programme = url, programme_id

    async def ask(self, *, token: UUID, nickname: str, text: str, plain: bool) -> Slip:
        """Open the page, ask, return the receipt.

        Raises Over if the page takes no questions, Turned or CommandRefused with the words a person would read.
        """
        page = f"/interviews/{self._programme}/"
        async with Browser(self._url) as browser:
            await browser.get(page)
            # Without a form nobody is known as a visitor.
            if "visitor=" not in browser.cookie:
                raise Over("the page takes no questions")
            if plain:
                started = time.monotonic()
                response = await browser.post(f"{page}ask/", form=page, token=token, nickname=nickname, text=text)
                answer = response.json()
                return Slip(answer["number"], urlparse(answer["url"]).path, time.monotonic() - started)
            async with Reader(self._url, [], cookie=browser.cookie) as reader:
                await reader.until(lambda: reader.connections > 0)
                started = time.monotonic()
                answer = await reader.command("ask", programme=str(self._programme), token=str(token), nickname=nickname, text=text)
                return Slip(answer["number"], urlparse(answer["url"]).path, time.monotonic() - started)


@dataclass
class Seated:
    """Somebody signed in with a seat, listening to the topic of their desk; learns questions from its events."""

    url: str
    member: Member
    topic: str
    programme_id: UUID
    tolerant: bool = False
    browser: Browser = field(init=False)
    reader: Reader = field(init=False)

    async def __aenter__(self) -> Self:
        self.browser = Browser(self.url)
        await self.browser.sign_in(self.member.username, self.member.password)
        self.reader = Reader(self.url, [self.topic], cookie=self.browser.cookie)
        await self.reader.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.reader.__aexit__(kind, error, trace)
        await self.browser.__aexit__(kind, error, trace)

    async def find(self, number: str, **facts: str) -> str:
        """The id of the question with this number, once the desk shows it with these facts. Raises TimeoutError.

        A tolerant person waits less: what does not come was perhaps declined, withdrawn or put to somebody else by people.
        """
        found: list[str] = []

        def seen() -> bool:
            for event in reversed(self.reader.logs[self.topic].events):
                if event.data.get("question") == number:
                    if all(event.data.get(key) == value for key, value in facts.items()):
                        found.append(event.data["id"])
                    return bool(found)
            return False

        await self.reader.until(seen, seconds=TOLERANT_SECONDS if self.tolerant else SECONDS)
        return found[0]

    async def do(self, page: str, action: str, **data: Any) -> bool:
        """Send a form of a staff page; False if a tolerant person was refused, as when somebody else was first.

        Raises Turned for others, Over when a tolerant person comes too late.
        """
        form = f"/staff/interviews/{self.programme_id}/{page}"
        try:
            await self.browser.post(f"{form}{action}", form=form, **data)
        except Turned as refusal:
            if not self.tolerant:
                raise
            if refusal.code == "closed":
                raise Over from None
            return False
        return True
