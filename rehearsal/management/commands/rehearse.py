"""manage.py rehearse: play an interview through the doors of a running server and check the sums."""

import asyncio
import secrets
from argparse import ArgumentParser
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from interview.models import Programme, Question
from rehearsal import cast as casts
from rehearsal import city, script
from rehearsal.browser import Browser, Turned
from rehearsal.cast import Cast
from rehearsal.mix import mix
from rehearsal.pace import Pace
from rehearsal.people import Over, Slip
from rehearsal.perform import perform
from rehearsal.play import Known, Play
from rehearsal.reader import Gap
from rehearsal.script import BadScript, Script

# The demonstration begins ten minutes into its script: who comes first sees an interview, not an empty page.
DEMO_BEGUN = 600.0

# A server that goes away or knows other people, a promise of the engine that is broken.
BROKEN_OFF = (httpx.HTTPError, OSError, Turned, Gap)


class Command(BaseCommand):
    help = "Play an interview through the doors of a running server, with people of its own, and check the sums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", required=True, help="the running server, such as http://127.0.0.1:8000")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--script", type=Path, help="a script (TOML); the demonstration's own unless given")
        what.add_argument("--messages", type=Path, help="real messages, one JSON object a line with nick, text, reply")
        what.add_argument("--demo", action="store_true", help="play the live interview of the demonstration city, and leave it open")
        parser.add_argument(
            "--mix",
            type=int,
            metavar="COUNT",
            help="so many questions of a bad day: ordinary ones (those of --messages first), repeated, disguised, private, rude",
        )
        parser.add_argument(
            "--speed", type=float, default=60.0, help="script seconds a second; 0: without waiting (default: 60; --demo: 1)"
        )
        parser.add_argument("--readers", type=int, default=20, help="simulated readers (default: 20)")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options: Any) -> None:
        if options["speed"] < 0 or options["readers"] < 0 or (options["mix"] is not None and options["mix"] < 1):
            raise CommandError("Expected --speed and --readers to be 0 or more, and --mix to be 1 or more.")
        if options["mix"] and (options["script"] or options["demo"]):
            raise CommandError("Expected --mix by itself or with --messages.")
        url = options["url"].rstrip("/")
        self._reach(url)
        if options["demo"]:
            self._demonstrate(url)
            return
        played = self._script(options)
        cast = casts.gather(played, prefix=f"rehearsal-{secrets.token_hex(3)}", rehearsal=True)
        try:
            with _told_when_broken_off():
                report = perform(Play(url=url, script=played, cast=cast, pace=Pace(options["speed"])), readers=options["readers"])
        finally:
            casts.dismiss(cast)
        self.stdout.write(report.as_json() if options["json"] else report.as_text())
        if report.wrong:
            raise CommandError(f"{len(report.wrong)} things do not agree. The rehearsal stays at {url}/interviews/{cast.programme_id}/")

    def _script(self, options: dict[str, Any]) -> Script:
        try:
            given = script.from_messages(options["messages"]) if options["messages"] else None
            if options["mix"]:
                return mix(options["mix"], seed=options["mix"], among=given.asked if given else ())
            if given:
                return given
            return script.read(options["script"] or city.DEMO / "live.toml")
        except (OSError, BadScript) as error:
            raise CommandError(str(error)) from None

    def _reach(self, url: str) -> None:
        async def look() -> None:
            async with Browser(url) as browser:
                await browser.get("/healthz")

        try:
            asyncio.run(look())
        except (httpx.HTTPError, httpx.InvalidURL, Turned) as error:
            raise CommandError(f"No server that is ready at {url} ({error}). Start one with ./run, or name it with --url.") from None

    def _demonstrate(self, url: str) -> None:
        made = city.read()
        if not made:
            raise CommandError("No demonstration city here; make it with manage.py load_demo.")
        coming = Play(
            url=url,
            script=script.read(city.DEMO / "coming.toml"),
            cast=made["coming"],
            pace=Pace(0),
            stay=True,
            known=_known(made["coming"]),
        )
        self._until_over(coming.prelude())
        # A server that was stopped and started again goes on with the interview that was on air.
        opened_at = Programme.objects.values_list("opened_at", flat=True).get(pk=made["live"].programme_id)
        begun = DEMO_BEGUN + (timezone.now() - opened_at).total_seconds() if opened_at else DEMO_BEGUN
        pace = Pace(1.0, begun=begun)
        live = Play(
            url=url,
            script=script.read(city.DEMO / "live.toml"),
            cast=made["live"],
            pace=pace,
            stay=True,
            opened=bool(opened_at),
            known=_known(made["live"]),
        )
        self._until_over(live.run())

    def _until_over(self, play: Coroutine[Any, Any, None]) -> None:
        try:
            with _told_when_broken_off():
                asyncio.run(play)
        except* Over:
            self.stdout.write("The interview was closed; the demonstration ends with it.")


@contextmanager
def _told_when_broken_off() -> Iterator[None]:
    first: BaseException | None = None
    try:
        yield
    except* BROKEN_OFF as group:
        first = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
    if first is not None:
        raise CommandError(f"Broken off: {type(first).__name__} {first}. Does the server run, and on the database of this command?")


def _known(cast: Cast) -> Known:
    questions = Question.objects.filter(programme_id=cast.programme_id).select_related("programme")
    return {question.client_token: (Slip(question.label, question.get_absolute_url(), 0.0), question.state) for question in questions}
