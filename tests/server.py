"""A real server in processes of its own, for journeys, sockets and the rehearsal.

What a test asks for:

    server       one server for the whole session (one per xdist worker), shared: make your own programme, assume nothing of others
    own_server   one for this test alone, to be stopped, killed, restarted, or run with other settings

Both are `Server`: `server.url` is its address, without a slash at the end; `server.manage("load_demo")` runs a management command
on its data; `server.portal`, `server.media` are its folders; `server.errors()` the ERROR lines of its log. The shared server
must end without any: a bad request is answered, not logged as an error.

The server keeps its data where the suite keeps its own: SQLite and the in-memory layer, or, when DATABASE_URL and REDIS_URL
name real servers (`./test` runs the suite on both), a fresh PostgreSQL database and a prefix of its own in Redis. Its database is
not the database of the test process: reach it through its doors, or by `manage`.
"""

import os
import secrets
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest

from operations import supervisor
from realtime.protocol import FRAME_LIMIT

BASE = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20


class Server:
    """A web server and a worker on data of their own. Start it with `running()`."""

    def __init__(self, folder: Path, *, database_url: str, web: str, extra: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.portal = folder / "portal"
        self.media = folder / "media"
        self.log = folder / "server.log"
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in {"MEDIA_ROOT", "PORTAL_ROOT", "STATIC_ROOT", "SECRET_KEY"}},
            "DJANGO_SETTINGS_MODULE": "settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_PREFIX": f"server-{secrets.token_hex(4)}",
            **extra,
        }
        self._web = web
        self._processes: list[subprocess.Popen[bytes]] = []

    def manage(self, *words: str) -> str:
        """Run a management command on the server's data and return what it printed; fails the test if the command fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=BASE, env=self.env, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, f"manage.py {' '.join(words)} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Start both processes; afterwards /healthz answers 200."""
        assert not self._processes, "the server is running already"
        web: tuple[str, ...]
        if self._web == "uvicorn":
            limits = ("--ws-max-size", str(FRAME_LIMIT), "--ws-per-message-deflate", "false", "--log-level", "warning")
            web = (sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(self.port), *limits, "asgi:application")
        else:
            web = supervisor.web(host="127.0.0.1", port=self.port).command
        with self.log.open("ab") as log:
            for command in (web, supervisor.worker().command):
                self._processes.append(subprocess.Popen(command, cwd=BASE, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        if not supervisor.until_ready(self.url, alive=lambda: all(process.poll() is None for process in self._processes)):
            self.kill()
            raise AssertionError(f"the server did not become ready; its log ends with:\n{self.log.read_text()[-4000:]}")

    @property
    def web(self) -> subprocess.Popen[bytes]:
        """The process of the web server."""
        return self._processes[0]

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        """The process of the worker."""
        return self._processes[1]

    def stop(self) -> list[int]:
        """End both with SIGTERM and return their exit codes; afterwards neither is left."""
        for process in self._processes:
            process.terminate()
        try:
            return [process.wait(STOP_SECONDS) for process in self._processes]
        finally:
            self.kill()

    def kill(self) -> None:
        """End both with SIGKILL, as a power cut would; afterwards neither is left."""
        for process in self._processes:
            process.kill()
            process.wait()
        self._processes.clear()

    def restart(self) -> None:
        """Stop and start, on the same address and data."""
        self.stop()
        self.start()

    def errors(self) -> list[str]:
        """Return what the log has at ERROR and above, and what was printed without going through the log."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not any(f"Z {level} " in line[:36] for level in ("DEBUG", "INFO", "WARNING"))]


@contextmanager
def running(folder: Path, *, web: str = "daphne", extra: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server that keeps its data in `folder`, `web` being "daphne" or "uvicorn", with `extra` environment variables."""
    folder.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL", "")
    with fresh_database(url) if url.startswith("postgres") else nullcontext(f"sqlite:///{folder / 'fangtan.sqlite3'}") as database_url:
        server = Server(folder, database_url=database_url, web=web, extra=extra or {})
        server.manage("prepare")
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Make an empty PostgreSQL database beside the one named; yields its URL, and drops it."""
    name = f"server_{secrets.token_hex(6)}"
    parts = urllib.parse.urlsplit(url)
    # postgres://user@/SOCKET-FOLDER/DATABASE, as tests.services gives it, or postgres://user:password@host:port/DATABASE
    folder, _slash, maintenance = parts.path.rpartition("/")
    where = {"host": folder.lstrip("/") and "/" + folder.lstrip("/")} if folder.strip("/") else {"host": parts.hostname, "port": parts.port}
    with psycopg.connect(dbname=maintenance, user=parts.username, password=parts.password, autocommit=True, **where) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urllib.parse.urlunsplit(parts._replace(path=f"{folder}/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for all; must end with a log that has no errors."""
    with running(tmp_path_factory.mktemp("server")) as shared:
        yield shared
        errors = shared.errors()
    assert errors == []


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A running server for this test alone."""
    with running(tmp_path / "own-server") as own:
        yield own
