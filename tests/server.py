"""A real server in processes of its own, for journeys, sockets and the rehearsal.

What a test asks for:

    server       one server for the whole session (one per xdist worker), shared: make your own programme, assume nothing of others
    own_server   one for this test alone, to be stopped, killed, restarted, or run with other settings

Both are `Server`: `server.url` is its address, without a slash at the end; `server.manage("load_demo")` runs a management command
on its data; `server.portal`, `server.media` are its folders; `server.errors()` the ERROR lines of its log. The shared server
must end without any: a bad request is answered, not logged as an error.

`running()` is for tests that want more of a server: several web processes on the same data (`server.urls`, `server.kill_web(1)`,
`server.start_web(1)`), another database server, another way to start a web process.

The server keeps its data where the suite keeps its own: SQLite and the in-memory layer, or, when DATABASE_URL and REDIS_URL
name real servers (`./test` runs the suite on both), a fresh PostgreSQL database and a prefix of its own in Redis. Its database is
not the database of the test process: reach it through its doors, or by `manage`.
"""

import atexit
import functools
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest

from operations import supervisor
from tests.console import BASE, Console

STOP_SECONDS = 40
# The command that serves a port.
Launch = Callable[[int], Sequence[str]]


class Server:
    """Web servers (one, unless more are asked for) and a worker on data of their own. Start it with `running()`."""

    def __init__(self, folder: Path, *, database_url: str, extra: Mapping[str, str], launch: Launch, webs: int) -> None:
        self.ports = [free_port() for _ in range(webs)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]
        self.url = self.urls[0]
        self.folder = folder
        self.database_url = database_url
        self.portal = folder / "portal"
        self.media = folder / "media"
        self.log = folder / "server.log"
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in {"MEDIA_ROOT", "PORTAL_ROOT", "STATIC_ROOT", "SECRET_KEY"}},
            "DJANGO_SETTINGS_MODULE": "tests.server_settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_PREFIX": f"server-{secrets.token_hex(4)}",
            **extra,
        }
        self._console = Console(self.env)
        self._launch = launch
        self._webs: list[subprocess.Popen[bytes] | None] = [None] * webs
        self._worker: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> str:
        """Run a management command on the server's data and return what it printed; fails the test if the command fails."""
        done = self._console.run(*words)
        assert done.code == 0, f"manage.py {' '.join(words)} failed ({done.code}):\n{done.out}\n{done.err}"
        return done.out

    def said(self, program: str) -> str:
        """Run a program with our apps on the server's data and return the last line it printed; fails as `manage` does."""
        return self.manage("shell", "--no-imports", "-c", program).strip().splitlines()[-1]

    def start(self) -> None:
        """Start every process; afterwards each web server's /healthz answers 200."""
        assert not self._processes, "the server is running already"
        self._worker = self._run(supervisor.worker().command, {})
        for index in range(len(self.ports)):
            self.start_web(index, wait=False)
        self.until_ready()

    def start_web(self, index: int = 0, *, wait: bool = True, extra: Mapping[str, str] | None = None) -> None:
        """Start one web process, where it was before, `extra` being environment variables for it alone; `wait` until it is ready."""
        before = self._webs[index]
        assert before is None or before.poll() is not None, f"web process {index} is running already"
        self._webs[index] = self._run(self._launch(self.ports[index]), extra or {})
        if wait:
            self.until_ready(index)

    def until_ready(self, *indices: int) -> None:
        """Wait until these web processes (all, if none is named) answer 200 at /healthz."""
        for index in indices or range(len(self.ports)):
            alive = functools.partial(_alive, self._webs[index])
            if not supervisor.until_ready(self.urls[index], alive=alive):
                self.kill()
                raise AssertionError(f"the server did not become ready; its log ends with:\n{self.log.read_text()[-4000:]}")

    def _run(self, command: Sequence[str], extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(command, cwd=BASE, env={**self.env, **extra}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @property
    def _processes(self) -> list[subprocess.Popen[bytes]]:
        return [process for process in (*self._webs, self._worker) if process is not None]

    @property
    def web(self) -> subprocess.Popen[bytes]:
        """The process of the first web server."""
        return self.webs[0]

    @property
    def webs(self) -> list[subprocess.Popen[bytes]]:
        """The processes of the web servers, in the order of `urls`."""
        assert None not in self._webs, "a web process was not started"
        return [process for process in self._webs if process is not None]

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        """The process of the worker."""
        assert self._worker is not None, "the worker was not started"
        return self._worker

    def kill_web(self, index: int = 0) -> None:
        """End one web process with SIGKILL."""
        self.webs[index].kill()
        self.webs[index].wait()

    def stop(self) -> list[int]:
        """End all with SIGTERM and return their exit codes, the worker's last; afterwards none is left."""
        for process in self._processes:
            process.terminate()
        try:
            return [process.wait(STOP_SECONDS) for process in self._processes]
        finally:
            self.kill()

    def kill(self) -> None:
        """End all with SIGKILL, as a power cut would; afterwards none is left."""
        for process in self._processes:
            process.kill()
            process.wait()
        self._webs = [None] * len(self._webs)
        self._worker = None

    def leave(self) -> None:
        """No management command can follow; afterwards the process that ran them is gone."""
        self._console.close()

    def restart(self) -> None:
        """Stop and start, on the same address and data."""
        self.stop()
        self.start()

    def errors(self) -> list[str]:
        """Return what the log has at ERROR and above, and what was printed without going through the log."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not any(f"Z {level} " in line[:36] for level in ("DEBUG", "INFO", "WARNING"))]


def _alive(process: subprocess.Popen[bytes] | None) -> bool:
    return process is not None and process.poll() is None


def launched(web: str) -> Launch:
    """Return how a web server of this kind, "daphne" or "uvicorn", is started on a port."""
    return lambda port: supervisor.web(host="127.0.0.1", port=port, server=web).command


@contextmanager
def running(
    folder: Path,
    *,
    web: str = "daphne",
    webs: int = 1,
    database: str | None = None,
    launch: Launch | None = None,
    extra: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server that keeps its data in `folder`, `web` being "daphne" or "uvicorn", with `extra` environment variables.

    `webs` processes serve the same data. `database` is the URL of a PostgreSQL server in which a database is made, "" for
    SQLite; DATABASE_URL decides if it is not given. `launch` gives the command that serves a port, instead of `web`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL", "") if database is None else database
    # Servers of a test's own may be gone before this process is: only the usual ones are worth a pattern.
    pattern = _pattern(url) if database is None else None
    if pattern:
        shutil.copytree(pattern.folder, folder, dirs_exist_ok=True)
    with _database(folder, url, pattern=pattern) as database_url:
        server = Server(folder, database_url=database_url, extra=extra or {}, launch=launch or launched(web), webs=webs)
        try:
            if not pattern:
                server.manage("prepare")
            server.start()
            yield server
        finally:
            server.stop()
            server.leave()


@functools.cache
def _pattern(url: str) -> Server:
    """What a fresh folder is after `prepare`, made once in a process and copied for every server in it; it is never started."""
    kept = ExitStack()
    atexit.register(kept.close)
    folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="fangtan-pattern-")))
    # No key comes into the folder, nor a log: each server has its own.
    extra = {"SECRET_KEY": "of a server that is never started"}
    pattern = Server(folder, database_url=kept.enter_context(_database(folder, url)), extra=extra, launch=launched("daphne"), webs=1)
    pattern.manage("prepare")
    pattern.leave()
    return pattern


def _database(folder: Path, url: str, *, pattern: Server | None = None) -> AbstractContextManager[str]:
    if url.startswith("postgres"):
        return fresh_database(url, pattern=pattern.database_url if pattern else "")
    return nullcontext(f"sqlite:///{folder / 'fangtan.sqlite3'}")


@contextmanager
def fresh_database(url: str, *, pattern: str = "") -> Iterator[str]:
    """Make a PostgreSQL database beside the one named, empty or as the one of the URL `pattern`; yields its URL, and drops it."""
    name = f"server_{secrets.token_hex(6)}"
    parts = urllib.parse.urlsplit(url)
    # postgres://user@/SOCKET-FOLDER/DATABASE, as tests.databases gives it, or postgres://user:password@host:port/DATABASE
    folder, _slash, maintenance = parts.path.rpartition("/")
    where = {"host": folder.lstrip("/") and "/" + folder.lstrip("/")} if folder.strip("/") else {"host": parts.hostname, "port": parts.port}

    def order(statement: str) -> None:
        # A connection for each: the server may have been restarted in between.
        with psycopg.connect(dbname=maintenance, user=parts.username, password=parts.password, autocommit=True, **where) as connection:
            connection.execute(statement)

    order(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{pattern.rpartition("/")[2]}"' if pattern else ""))
    try:
        yield urllib.parse.urlunsplit(parts._replace(path=f"{folder}/{name}"))
    finally:
        order(f'DROP DATABASE "{name}" WITH (FORCE)')


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
