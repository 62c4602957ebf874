"""`manage.py worker`: runs background work until SIGTERM."""

from typing import Any

from django.core.management.base import BaseCommand

from operations import worker


class Command(BaseCommand):
    help = "Run background work: timers, archiving, whatever an app keeps in its tasks.py. Stops on SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        worker.run()
