"""Runs ours.py on one of the offered servers, as manage.py serve does: python -m bench.fanout.serving SERVER PORT."""

import sys
from importlib import import_module


def main(words: list[str]) -> int:
    """Serve until a signal."""
    server, port = words
    # The server goes first: daphne makes asyncio Twisted's event loop.
    run = import_module(f"operations.servers.{server}").run
    application = import_module("bench.fanout.ours").application
    code: int = run(application, host="127.0.0.1", port=int(port))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
