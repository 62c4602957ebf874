"""One whole rehearsal: readers listen, the play is played, the transcript archived, the sums checked."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

from django.db import connections
from django.urls import reverse

from archive.models import Publication
from interview import transcript
from interview.models import Programme
from interview.topics import STAGE
from rehearsal import sums
from rehearsal.browser import Browser
from rehearsal.play import Play
from rehearsal.reader import Reader
from rehearsal.sums import Report

# So many readers connect at the same moment at the most: a rehearsal is not an attack.
DOOR_WIDTH = 25
# From the connection to the first answer, and from the last word to having it.
CATCH_UP_SECONDS = 60


def perform(play: Play, *, readers: int) -> Report:
    """Play to the end with so many simulated readers, archive, and return the report."""
    report = Report()
    crowd = asyncio.run(_played(play, readers))
    report.wrong += play.refusals
    published = sums.transcript(play)
    sums.readers(report, play, crowd, published)
    sums.database(report, play)
    asyncio.run(_checked(report, play, published))
    return report


async def _played(play: Play, count: int) -> list[Reader]:
    stage = STAGE.name(str(play.cast.programme_id))
    door = asyncio.Semaphore(DOOR_WIDTH)
    crowd = [Reader(play.url, [stage]) for _ in range(count)]
    async with AsyncExitStack() as seats:

        async def enter(reader: Reader) -> None:
            async with door:
                await seats.enter_async_context(reader)
                await reader.until(lambda: reader.connections > 0 or reader.turned_away != "", seconds=CATCH_UP_SECONDS)

        await asyncio.gather(*(enter(reader) for reader in crowd))
        if outside := [reader for reader in crowd if not reader.connections]:
            raise ConnectionRefusedError(
                f"{count - len(outside)} of {count} readers were let in, the others were not ({outside[0].turned_away}); "
                "one address may have CONNECTIONS_PER_ADDRESS sockets"
            )
        await play.run()
        head = await asyncio.to_thread(_head, play)
        # Who has not caught up by then missed something, and the sums will say what.
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                for reader in crowd:
                    await reader.until(lambda reader=reader: reader.logs[stage].number >= head, seconds=CATCH_UP_SECONDS)  # type: ignore[misc]
    return crowd


async def _checked(report: Report, play: Play, published: list[dict[str, Any]]) -> None:
    await sums.receipts(report, play)
    await sums.page(report, play, published)
    if play.stay:
        return
    await sums.screening(report, play)
    async with Browser(play.url) as browser:
        await browser.sign_in(play.cast.editor.username, play.cast.editor.password)
        form = f"/staff/interviews/{play.cast.programme_id}/"
        await browser.post(f"{form}archive/", form=f"{form}proof/")
    address = await asyncio.to_thread(_archived_at, play)
    await sums.archive(report, play, await asyncio.to_thread(_transcript, play), address)


def _head(play: Play) -> int:
    try:
        return transcript.position(Programme.objects.get(pk=play.cast.programme_id)).number
    finally:
        connections.close_all()


def _transcript(play: Play) -> list[dict[str, Any]]:
    try:
        return sums.transcript(play)
    finally:
        connections.close_all()


def _archived_at(play: Play) -> str:
    try:
        folder = Publication.objects.get(programme_id=play.cast.programme_id).folder
        return reverse("archive_file", args=[f"{folder}/"])
    finally:
        connections.close_all()
