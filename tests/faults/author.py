"""Who writes the transcript while things break, and knows what every reader must end with."""

import asyncio
import hashlib
import json
import random
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from tests.server import BASE, Server

NEW, REVISED = 0.6, 0.25  # shares of new entries and of new words for old ones; the rest takes entries away


def transcript(page: Mapping[str, str]) -> str:
    """What a page shows, as one number: the entries in their order, each with its words."""
    return hashlib.sha256("\n".join(f"{entry} {page[entry]}" for entry in sorted(page)).encode()).hexdigest()


class Author:
    """A process beside the web servers. `topic` is the stage of its live programme; `page` what was published on it and stands.

    async with Author(server, chance) as author:
        await author.write_for(seconds, per_second=2)
    """

    def __init__(self, server: Server, chance: random.Random, *, programme: str = "") -> None:
        """Its process runs with the settings of the server's; it makes a programme unless one is given."""
        self.programme = programme
        self._env = server.env
        self._log = server.folder / "author.log"
        self._chance = chance
        self._lock = asyncio.Lock()
        self._entries = 0
        self.page: dict[str, str] = {}
        # How often its process has looked into the table of events.
        self.reads = 0
        self.epoch, self.number = "", 0

    async def __aenter__(self) -> Self:
        with await asyncio.to_thread(self._log.open, "ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.faults.writing"),
                cwd=BASE,
                env=self._env,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=2**24,
            )
        self.programme = self.programme or (await self.do("open"))["programme"]
        self.topic = f"stage:{self.programme}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        # To the end, so that both pipes are closed.
        await self._process.communicate()

    async def do(self, what: str, **words: Any) -> dict[str, Any]:
        """Have the process do one of the things of tests/faults/writing.py. Raises AssertionError if it cannot."""
        # Cancelled or not, its answer is taken, or the next one would be given the answer of this.
        return await asyncio.shield(self._do({"do": what, **words}))

    async def _do(self, wish: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._lock:
            self._process.stdin.write(json.dumps(wish).encode() + b"\n")
            line = await self._process.stdout.readline()
        assert line, f"the author could not {wish['do']}:\n{self._log.read_text()[-3000:]}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def write(self, count: int = 1, *, size: int = 24, ring: str = "once") -> int:
        """Publish so many events in one transaction: new entries of `size` characters, new words, entries withdrawn."""
        entries = [self._next(size) for _ in range(count)]
        done = await self.do("write", topic=self.topic, entries=entries, ring=ring)
        self.epoch, self.number = done["epoch"], done["number"]
        self.reads += done["reads"]
        return self.number

    async def write_for(
        self, seconds: float, *, per_second: float, size: int = 24, rings: Mapping[str, float] | None = None, burst: int = 1
    ) -> int:
        """Publish at this pace for so long, ringing with the weights of `rings`; returns how many events."""
        rings = rings or {"once": 1}
        loop = asyncio.get_running_loop()
        before, due = self.number, loop.time()
        end = due + seconds
        while due < end:
            [ring] = self._chance.choices(list(rings), list(rings.values()))
            await self.write(self._chance.randint(1, burst), size=size, ring=ring)
            due += 1 / per_second
            await asyncio.sleep(max(0.0, due - loop.time()))
        return self.number - before

    def _next(self, size: int) -> tuple[str, str | None]:
        fate = self._chance.random()
        if fate < NEW or not self.page:
            self._entries += 1
            entry = f"e{self._entries:06d}"
        else:
            entry = self._chance.choice(list(self.page))
            if fate >= NEW + REVISED:
                del self.page[entry]
                return entry, None
        self.page[entry] = "".join(self._chance.choices("水压夏季供水厂何时恢复答复如下正在抢修", k=size))
        return entry, self.page[entry]
