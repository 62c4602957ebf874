"""A search, guided by coverage, for what the decoder of incoming frames neither understands nor refuses."""

import asyncio
import re
import sys
from pathlib import Path

import msgspec

from tests.server import BASE


class Search(msgspec.Struct):
    """How many inputs were tried, how many edges of the code they reached, and what went wrong, empty if nothing did."""

    tried: int
    reached: int
    wrong: str


async def search(folder: Path, *, seconds: float, seed: int) -> Search:
    """Search for so long in a process of its own, which keeps what it finds in `folder`."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.decoding", str(round(seconds)), str(seed), str(folder)),
        cwd=BASE,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    words = told.decode(errors="replace")
    tried, reached = re.search(r"number_of_executed_units: (\d+)", words), re.findall(r"cov: (\d+)", words)
    wrong = "" if process.returncode == 0 else words[-3000:]
    return Search(int(tried[1]) if tried else 0, int(reached[-1]) if reached else 0, wrong)
