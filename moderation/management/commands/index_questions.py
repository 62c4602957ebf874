"""Bring the index of similar questions up to date from the command line: after an update, or whenever in doubt."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from moderation import indexing


class Command(BaseCommand):
    help = "Add every question that is missing in the index of similar questions; what is in it stays. Safe at any time, and twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anew", action="store_true", help="empty the index first: after an update that compares texts in another way")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{indexing.index_all(anew=options['anew'])} questions added to the index")
