"""A program of the fault tests in a process of its own: what it costs must not hold up the clocks of who is measured."""

import asyncio
import sys
from contextlib import suppress

from tests.server import BASE


async def told_by(module: str, *words: str) -> bytes:
    """Run `python -m module words …` and return what it printed; whoever stops waiting ends it."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *words, cwd=BASE, stdout=asyncio.subprocess.PIPE)
    try:
        told, _ = await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return told
