"""The site behind each server, run by the one documented command."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.operations.servers import wire
from tests.server import BASE, free_port

SERVERS = ("daphne", "uvicorn")


class Site:
    """The site in a process of its own."""

    def __init__(self, server: str, folder: Path, *, port: int = 0, **env: str) -> None:
        self.server = server
        self.port = port or free_port()
        self.log = folder / f"{server}.log"
        self.env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.operations.servers.site_settings", "DATA_DIR": str(folder), **env}
        for name in ("MEDIA_ROOT", "PORTAL_ROOT", "STATIC_ROOT", "REDIS_URL", "DATABASE_URL"):
            self.env.pop(name, None)
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "serve", "--server", server, "--port", str(self.port)]
            self.process = subprocess.Popen(command, cwd=BASE, env=self.env, stdout=log, stderr=log)

    def until_ready(self) -> None:
        """Wait until it takes connections."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                wire.get(self.port, "/counted")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"the server did not become ready:\n{self.log.read_text()}")

    def counted(self) -> dict[str, int]:
        """What the application has counted."""
        return wire.get(self.port, "/counted")

    def rss(self) -> int:
        """Bytes of memory it takes."""
        fields = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").split()
        return int(fields[fields.index("VmRSS:") + 1]) * 1024

    def stop(self) -> int:
        """End it with SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(60)


@contextmanager
def running(server: str, folder: Path, *, port: int = 0, **env: str) -> Iterator[Site]:
    """Run the site."""
    site = Site(server, folder, port=port, **env)
    try:
        site.until_ready()
        yield site
    finally:
        site.process.kill()
        site.process.wait()


@pytest.fixture(scope="package", params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One that all tests share, with the real limits."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as site:
        yield site
        assert "Traceback" not in site.log.read_text()


@pytest.fixture(scope="package", params=SERVERS)
def hurried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One that all tests share, with deadlines of one or two seconds."""
    with running(request.param, tmp_path_factory.mktemp(request.param), HURRIED="yes") as site:
        yield site


def until(happened, seconds: float = 120) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def keep_sending(line: wire.Line, data: bytes) -> None:
    """Send the same now and then; raises ConnectionError as soon as the connection has ended, which it does within two minutes."""
    for _ in range(1200):
        line.send(data)
        time.sleep(0.1)
