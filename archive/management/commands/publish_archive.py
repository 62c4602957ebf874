"""Write the archive from the command line: after a change of the look, of the site's name, or of the folder."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive import portal, publications


class Command(BaseCommand):
    help = "Write the portal's folder (PORTAL_ROOT) again: what is out of date, or with --all every archived interview."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--stale", action="store_true", help="only what is out of date or missing (the default)")
        which.add_argument("--all", action="store_true", help="every archived interview")

    def handle(self, *args: Any, **options: Any) -> None:
        programmes = list(publications.archived() if options["all"] else publications.stale())
        failed = [programme for programme in programmes if not portal.rewrite(programme)]
        self.stdout.write(f"{len(programmes) - len(failed)} of {len(programmes)} written to {settings.PORTAL_ROOT}")
        if failed:
            raise CommandError(f"{len(failed)} could not be written; the log says why. What stood there before is whole.")
