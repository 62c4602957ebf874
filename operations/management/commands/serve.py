"""`manage.py serve`: the web server."""

import sys
from importlib import import_module
from typing import Any

from channels.routing import get_default_application
from django.core.management.base import BaseCommand, CommandParser

SERVERS = ("daphne", "uvicorn")


class Command(BaseCommand):
    help = "Serve pages and sockets until SIGTERM or Ctrl-C, within the limits of operations/servers/limits.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--server", choices=SERVERS, default=SERVERS[0], help="which server carries the application (default: daphne)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--unix", metavar="PATH", help="listen on this socket instead")

    def handle(self, *args: Any, **options: Any) -> None:
        # Each brings an event loop of its own: only the one that is wanted is loaded, and before the application.
        server = import_module(f"operations.servers.{options['server']}")
        code = server.run(get_default_application(), host=options["host"], port=options["port"], unix=options["unix"])
        if code:
            sys.exit(code)
