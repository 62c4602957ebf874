"""manage.py import_organisations FILE: import a CSV table of departments and enterprises."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organisations.importing import import_csv
from organisations.operator import CONSOLE


class Command(BaseCommand):
    help = "Import a CSV table of departments and enterprises; with any error nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as table:
                report = import_csv(table, by=CONSOLE)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        if report.errors:
            lines = "\n".join(f"{file.name}:{error.line}: {error.column} {error.message}" for error in report.errors)
            raise CommandError(f"Nothing was imported.\n{lines}")
        self.stdout.write(f"created {report.created}, updated {report.updated}, unchanged {report.unchanged}")
