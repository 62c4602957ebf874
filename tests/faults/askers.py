"""Netizens who ask over the socket while things break, and keep every receipt they were given."""

import asyncio
import json
import random
import time
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from tests.faults.author import Author
from tests.faults.sockets import Socket, open_socket

AGAIN = 0.5  # seconds until a question without an answer is sent again
REF = 1
PATIENCE = 10.0  # seconds after which a line that does not answer is dropped


class Askers:
    """They ask one question after another, each until it has its receipt.

    async with Askers(ports, author, chance, count=5) as askers:
        …
    await askers.lost(author)
    """

    def __init__(self, ports: list[int], author: Author, chance: random.Random, *, count: int, per_second: float) -> None:
        """`per_second`: questions of all of them together."""
        self._ports = ports
        self._author = author
        self._chance = chance
        self._count = count
        self._pause = count / per_second
        self._tasks: list[asyncio.Task[None]] = []
        self.receipts: dict[str, set[str]] = {}
        self.waits: list[float] = []
        self.refusals: list[str] = []
        self.again = 0

    async def __aenter__(self) -> Self:
        cookies = (await self._author.do("cookies", count=self._count))["cookies"]
        self._tasks = [asyncio.create_task(self._ask_for_ever(cookie, random.Random(self._chance.random()))) for cookie in cookies]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        broken = [result for result in results if isinstance(result, Exception)]
        if broken and error is None:
            raise broken[0]

    async def lost(self, author: Author) -> dict[str, int]:
        """What must not be: receipts of questions that are not stored, two receipts for one, one token stored twice."""
        stored = (await author.do("questions", programme=author.programme))["questions"]
        labels: dict[str, str] = dict(stored)
        return {
            "lost receipts": sum(labels.get(token) not in numbers for token, numbers in self.receipts.items()),
            "two receipts": sum(len(numbers) > 1 for numbers in self.receipts.values()),
            "stored twice": len(stored) - len(labels),
            "refused questions": len(self.refusals),
        }

    async def _ask_for_ever(self, cookie: str, chance: random.Random) -> None:
        line: Socket | None = None
        answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        try:
            while True:
                await asyncio.sleep(chance.uniform(0, 2 * self._pause))
                frame = {
                    "op": "ask",
                    "ref": REF,
                    "programme": self._author.programme,
                    "token": str(UUID(int=chance.getrandbits(128), version=4)),
                    "nickname": "湖滨老李",
                    "text": f"我们小区的水压什么时候恢复？第{chance.randrange(10**9)}次问。",
                }
                began = time.monotonic()
                while frame["token"] not in self.receipts:
                    if line is None or line.closed.done():
                        answers = asyncio.Queue()
                        line = await self._come(cookie, answers)
                    if line is not None:
                        await self._ask(line, answers, frame, began)
                    if frame["token"] not in self.receipts:
                        self.again += 1
                        await asyncio.sleep(AGAIN)
                # Some were not sure that their answer had come.
                if line is not None and chance.random() < 0.1:
                    await self._ask(line, answers, frame, None)
        finally:
            if line is not None:
                line.cut()

    async def _come(self, cookie: str, answers: "asyncio.Queue[dict[str, Any]]") -> Socket | None:
        def told(line: Socket, payload: bytes) -> None:
            frame = json.loads(payload)
            if frame["op"] == "beat":
                line.send(json.dumps({"op": "still", "beat": frame["beat"]}).encode())
            elif frame["op"] in {"ok", "error"} and frame["ref"] == REF:
                answers.put_nowait(frame)

        try:
            line = await open_socket(self._chance.choice(self._ports), told, cookie=cookie)
        except (OSError, TimeoutError):
            return None
        # As the page does: a line without a topic is not kept.
        line.send(json.dumps({"op": "join", "ref": 0, "topic": self._author.topic}).encode())
        return line

    async def _ask(self, line: Socket, answers: "asyncio.Queue[dict[str, Any]]", frame: dict[str, Any], began: float | None) -> None:
        line.send(json.dumps(frame).encode())
        answer = await self._answer(line, answers)
        match answer:
            case {"op": "ok", "number": label}:
                if began is not None:
                    self.waits.append(time.monotonic() - began)
                self.receipts.setdefault(frame["token"], set()).add(label)
            case {"op": "error", "code": "failed"} | None:
                pass
            case {"op": "error", "code": code}:
                self.refusals.append(code)
        if answer is None:
            line.cut()

    @staticmethod
    async def _answer(line: Socket, answers: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any] | None:
        """The next answer; None if the line ends or says nothing for too long."""
        getting = asyncio.ensure_future(answers.get())
        waited: list[asyncio.Future[Any]] = [getting, line.closed]
        await asyncio.wait(waited, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            return getting.result()
        getting.cancel()
        return None
