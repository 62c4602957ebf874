"""People who ask while things break, by socket and by form, until each has a receipt; they keep all that they were told."""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

from tests.faults.sockets import Socket, open_socket

PATIENCE = 15.0  # seconds until an answer is no longer waited for
AGAIN = 0.3  # seconds until a question without an answer is sent again, by somebody who has been in a tunnel
CUT, CUT_WITHIN = 0.25, 0.06  # the share of lines that are cut after the request, and within how many seconds
# Codes of frames that say: not now.
FAULTS = {"failed", "busy"}
ENOUGH = 60.0  # seconds in which everybody must have a receipt once nothing is broken any more


@dataclass(frozen=True)
class Question:
    """What somebody asks."""

    token: str
    nickname: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """What the asker was told."""

    number: str
    url: str
    created: bool

    @property
    def place(self) -> tuple[str, str]:
        """What must be the same whenever the same question is sent."""
        return self.number, self.url


@dataclass(frozen=True)
class Refusal:
    """The server understood and said no; "failed" is its own fault."""

    code: str


Outcome = Receipt | Refusal | None


class Netizen:
    """One visitor: cookies, and a socket to each web process while it lasts.

    netizen = Netizen(programme)
    await netizen.come(url)
    receipt = await netizen.by_form(url, question)
    """

    def __init__(self, programme: str) -> None:
        self._programme = programme
        self._page = f"/interviews/{programme}/ask/"
        self._client = httpx.AsyncClient(trust_env=False, timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=2))
        self._lines: dict[str, Socket] = {}
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._refs = 0
        # What was answered instead of a receipt or a refusal: HTTP statuses, the frame "failed".
        self.faults: Counter[str] = Counter()

    async def come(self, url: str) -> None:
        """Open the page with the form, and be known from now on."""
        (await self._client.get(f"{url}{self._page}")).raise_for_status()

    async def go(self) -> None:
        """Close everything."""
        for line in self._lines.values():
            line.cut()
        await self._client.aclose()

    async def by_form(self, url: str, question: Question) -> Outcome:
        """Send it as the form does; cancelled, it drops the connection. Raises httpx.TransportError."""
        data = {"nickname": question.nickname, "text": question.text, "token": question.token}
        headers = {"X-CSRFToken": self._client.cookies["csrftoken"], "Referer": f"{url}{self._page}", "Accept": "application/json"}
        response = await self._client.post(f"{url}{self._page}", data=data, headers=headers)
        if response.is_success:
            return _receipt(response.json())
        if response.status_code >= 500:
            self.faults[f"{response.status_code}{' Retry-After' * ('Retry-After' in response.headers)}"] += 1
            return Refusal("failed")
        return Refusal(response.json()["code"])

    async def by_socket(self, url: str, question: Question) -> Outcome:
        """Send it as a frame; cancelled, it cuts the line. None if the line ended before the answer. Raises OSError, TimeoutError."""
        line = await self._line(url)
        self._refs += 1
        ref, answer = self._refs, asyncio.get_running_loop().create_future()
        self._answers[ref] = answer
        asked = {"programme": self._programme, "token": question.token, "nickname": question.nickname, "text": question.text}
        line.send(json.dumps({"op": "ask", "ref": ref, **asked}).encode())
        try:
            await asyncio.wait([answer, line.closed], return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                return None
            frame = answer.result()
        except asyncio.CancelledError:
            line.cut()
            raise
        finally:
            del self._answers[ref]
        if frame["op"] == "ok":
            return _receipt(frame)
        if frame["code"] in FAULTS:
            self.faults[frame["code"]] += 1
            return Refusal("failed")
        return Refusal(frame["code"])

    async def _line(self, url: str) -> Socket:
        line = self._lines.get(url)
        if line is None or line.closed.done():
            cookie = "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())
            line = self._lines[url] = await open_socket(int(url.rpartition(":")[2]), self._told, cookie=cookie)
        return line

    def _told(self, line: Socket, payload: bytes) -> None:
        frame = json.loads(payload)
        if frame["op"] == "beat":
            line.send(json.dumps({"op": "still", "beat": frame["beat"]}).encode())
        elif frame["op"] in {"ok", "error"}:
            answer = self._answers.get(frame["ref"])
            if answer is not None and not answer.done():
                answer.set_result(frame)


class Netizens:
    """They ask one question after another and are never content without a receipt.

    async with Netizens(server.urls, programme, chance, count=40, per_second=20) as netizens:
        …break things…
    broken = netizens.broken(stored)
    """

    def __init__(self, urls: list[str], programme: str, chance: random.Random, *, count: int, per_second: float) -> None:
        """`per_second`: questions of all of them together."""
        self.urls = urls
        self._programme = programme
        self._chance = chance
        self._count = count
        self._pause = count / per_second
        self._over = False
        self._came = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._people: list[Netizen] = []
        self.asked: dict[str, Question] = {}
        self.receipts: dict[str, Receipt] = {}
        self.waits: list[float] = []
        # Seconds until each answer, or until none was waited for any longer, to all that was sent on lines nobody here cut.
        self.answers: list[float] = []
        self.moments: list[float] = []
        self.counts: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        for _ in range(self._count):
            person = Netizen(self._programme)
            self._people.append(person)
            await person.come(self.urls[0])
        self._tasks = [asyncio.create_task(self._live(person, random.Random(self._chance.random()))) for person in self._people]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over = True
        try:
            if error is None:
                # Nothing is broken any more: whoever has asked gets a receipt.
                done, _ = await asyncio.wait(self._tasks, timeout=ENOUGH)
                for task in done:
                    task.result()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for person in self._people:
                await person.go()

    @property
    def faults(self) -> Counter[str]:
        """What was answered instead of a receipt or a refusal."""
        return sum((person.faults for person in self._people), Counter())

    def broken(self, stored: list[dict[str, Any]]) -> dict[str, int]:
        """Compare what they were told with the questions that are stored; every count should be 0."""
        rows = {row["token"]: row for row in stored}
        kept = {token: receipt for token, receipt in self.receipts.items() if self._is_kept(receipt, rows.get(token))}
        return {
            "lost": len(self.receipts) - len(kept),
            "duplicated": len(stored) - len(rows) + self.wrong["created again"],
            "never acknowledged": len(self.asked.keys() - self.receipts.keys()),
            "from nowhere": len(rows.keys() - self.asked.keys()),
            "other receipt on retry": self.wrong["other receipt"],
            "token with other body accepted": self.wrong["other body"] + self.wrong["other visitor"],
            "refused": self.wrong["refused"],
        }

    def _is_kept(self, receipt: Receipt, row: dict[str, Any] | None) -> bool:
        if row is None:
            return False
        asked = self.asked[row["token"]]
        return (row["number"], row["url"], row["nickname"], row["text"]) == (*receipt.place, asked.nickname, asked.text)

    async def heard(self, *, since: float, by: int = 5) -> float:
        """Wait until so many questions that were sent after `since` (time.monotonic()) have their receipts; seconds it took."""
        async with asyncio.timeout(ENOUGH):
            while sum(moment > since for moment in self.moments) < by:
                self._came.clear()
                await self._came.wait()
        return sorted(moment for moment in self.moments if moment > since)[by - 1] - since

    async def _live(self, person: Netizen, chance: random.Random) -> None:
        while not self._over:
            await asyncio.sleep(chance.uniform(0, 2 * self._pause))
            if not self._over:
                await self._ask(person, chance)

    async def _ask(self, person: Netizen, chance: random.Random) -> None:
        question = invented(chance)
        self.asked[question.token] = question
        began = time.monotonic()
        while True:
            outcome = await self._send(person, question, chance, cut=chance.random() < CUT)
            if isinstance(outcome, Receipt):
                break
            if isinstance(outcome, Refusal) and outcome.code != "failed":
                self.wrong["refused"] += 1
                self.counts[f"refused: {outcome.code}"] += 1
                return
            self.counts["again"] += 1
            await asyncio.sleep(chance.uniform(0, 2 * AGAIN))
        self.receipts[question.token] = outcome
        self.waits.append(time.monotonic() - began)
        self.moments.append(time.monotonic())
        self._came.set()
        for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 4])):
            self._compare(outcome, await self._send(person, question, chance))
        if chance.random() < 0.15:
            other = Question(question.token, question.nickname, f"{question.text}另外再问一句。")
            self.wrong["other body"] += isinstance(await self._send(person, other, chance), Receipt)
            self.counts["other body"] += 1
        if chance.random() < 0.1:
            thief = chance.choice([one for one in self._people if one is not person])
            self.wrong["other visitor"] += isinstance(await self._send(thief, question, chance), Receipt)
            self.counts["other visitor"] += 1

    def _compare(self, first: Receipt, outcome: Outcome) -> None:
        if isinstance(outcome, Receipt):
            self.counts["retries answered"] += 1
            self.wrong["other receipt"] += outcome.place != first.place
            self.wrong["created again"] += outcome.created
        elif isinstance(outcome, Refusal) and outcome.code != "failed":
            self.wrong["other receipt"] += 1

    async def _send(self, person: Netizen, question: Question, chance: random.Random, *, cut: bool = False) -> Outcome:
        """Send it once, by either door of any process. None if it is not known what became of it."""
        door = chance.choice([person.by_form, person.by_socket])
        self.counts["cut"] += cut
        began = time.monotonic()
        try:
            async with asyncio.timeout(chance.uniform(0, CUT_WITHIN) if cut else PATIENCE):
                return await door(chance.choice(self.urls), question)
        except (TimeoutError, httpx.TransportError, OSError):
            return None
        finally:
            if not cut:
                self.answers.append(time.monotonic() - began)


def invented(chance: random.Random) -> Question:
    """A question that nobody has asked before."""
    token = str(UUID(int=chance.getrandbits(128), version=4))
    return Question(token, chance.choice(["湖滨老李", ""]), f"我们小区的水压什么时候恢复？第{chance.randrange(10**9)}次问。")


def _receipt(answer: dict[str, Any]) -> Receipt:
    return Receipt(answer["number"], answer["url"], answer["created"])
