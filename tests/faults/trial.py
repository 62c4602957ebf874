"""The real application, whose web process dies at the point it is told: what the trials at all points have in common."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.faults import ledger
from tests.server import Server, running


class Trial:
    """`runs` counts the deaths; `wrong` holds what came out otherwise than it must.

    with Asking.of(tmp_path, chance, database=postgres.url, redis=valkey.url) as trial:
        trial.is_to_die_at("after commit")
        …
        code = await trial.died()
    """

    def __init__(self, server: Server, chance: random.Random, file: Path) -> None:
        """`file` is where the processes of the server look for their point."""
        self.server = server
        self.chance = chance
        self.stage = ledger.make(server)
        self.runs = 0
        self.wrong: list[Any] = []
        self._file = file

    @classmethod
    @contextmanager
    def of(cls, folder: Path, chance: random.Random, *, database: str, redis: str, webs: int = 1) -> Iterator[Self]:
        """Run a server for it."""
        file = folder / "point"
        env = {"REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": "tests.faults.crashing_settings", "FAULT_FILE": str(file)}
        with running(folder / "data", webs=webs, database=database, extra=env | ledger.UNLIMITED) as server:
            yield cls(server, chance, file)

    def is_to_die_at(self, point: str) -> None:
        """Whoever comes to this point of tests/faults/points.py dies there."""
        self._file.write_text(point)

    async def died(self) -> int:
        """Wait for the death of the first web process; its exit code. Nobody else dies from then on."""
        code = await asyncio.to_thread(self.server.web.wait, 20)
        self._file.unlink()
        self.runs += 1
        return code
