"""Find out from the command line whether the record of moderation is as it was written."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from moderation import anchors, verification


class Command(BaseCommand):
    help = "Verify every chain of the record against itself and against the anchors in AUDIT_ROOT; exits with 1 if anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", action="store_true", help="if all is well, write anew where the chains stand")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = verification.verify()
        except (OSError, anchors.Unreadable) as error:
            raise CommandError(f"the anchors in {settings.AUDIT_ROOT} cannot be read: {error}") from None
        for flaw in found.flaws:
            self.stderr.write(f"chain {flaw.chain}, record {flaw.number}: {flaw.what}")
        looked_at = f"{found.records} records in {found.chains} chains, {found.anchors} anchors"
        if found.flaws:
            raise CommandError(f"{len(found.flaws)} flaws in {looked_at}")
        self.stdout.write(f"{looked_at}: as they were written")
        if options["anchor"]:
            self.stdout.write(f"{anchors.write()} anchors written to {settings.AUDIT_ROOT}")
