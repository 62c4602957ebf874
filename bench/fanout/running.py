"""One measured server on one core and the client on the other, for as long as a measurement takes."""

import ctypes
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.fanout.peers import BASE, BUILT, Peer

START_SECONDS = 30
STOP_SECONDS = 15

Report = dict[str, Any]


class Gone(Exception):
    """The server or the client ended, or did not answer in time."""


class Pair:
    """A running server and the client that is connected to its control socket."""

    def __init__(self, server: subprocess.Popen[bytes], client: subprocess.Popen[bytes], control: Path) -> None:
        self.server = server
        self._client = client
        self._control = control

    def ask(self, command: str, *, within: float) -> Report:
        """What the client reports about a command; raises Gone after so many seconds without an answer."""
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write(command.encode() + b"\n")
        self._client.stdin.flush()
        ready, _, _ = select.select([self._client.stdout], [], [], within)
        line = self._client.stdout.readline() if ready else b""
        if not line:
            raise Gone(
                f"expected a report about {command!r} within {within:.0f} s; server: {self.server.poll()}, client: {self._client.poll()}"
            )
        report: Report = json.loads(line)
        return report

    def statements(self) -> dict[str, int]:
        """How many SQL statements our server has made so far, by kind."""
        return self._told("statements")

    def pauses(self) -> Report:
        """How long our server stood still for the collector of garbage."""
        return self._told("pauses")

    def _told(self, what: str) -> Report:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(10)
            caller.connect(str(self._control))
            caller.sendall(what.encode() + b"\n")
            with caller.makefile() as lines:
                told: Report = json.loads(lines.readline())
                return told

    def memory(self) -> int:
        """KiB of the server's own that are resident."""
        lines = Path(f"/proc/{self.server.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def on_core(number: int) -> Callable[[], None]:
    """What a child does first: stay on that core, if there are two, open as many files as it may, end with us."""
    cores = sorted(os.sched_getaffinity(0))

    def settle() -> None:
        os.sched_setaffinity(0, {cores[number % len(cores)]})
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # 1: PR_SET_PDEATHSIG

    return settle


@contextmanager
def running(peer: Peer, folder: Path, environment: dict[str, str]) -> Iterator[Pair]:
    """Start a server and its client; both have ended afterwards. The server's log is in the folder."""
    port, control, log = free_port(), folder / "control", folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            peer.command(port, control),
            cwd=BASE,
            env={**environment, **peer.environment, "FANOUT_CONTROL": str(control)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=on_core(0),  # noqa: PLW1509  (no other threads here)
        )
    client = None
    try:
        wait_for(lambda: listens(port) and control.exists(), server, log)
        client = subprocess.Popen(
            [str(BUILT / "client"), str(port), peer.path, peer.dialect, str(control), str(server.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=on_core(1),  # noqa: PLW1509  (as above)
        )
        yield Pair(server, client, control)
    except Gone:
        sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-4000:])
        raise
    finally:
        for process in filter(None, (client, server)):
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, time to comply, SIGKILL."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def wait_for(condition: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the condition holds; raises Gone if the server ends first, or after START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if server.poll() is not None or time.monotonic() > deadline:
            text = log.read_text(encoding="utf-8", errors="replace")
            raise Gone(f"expected the server to listen, got exit code {server.poll()} and this log:\n{text[-4000:]}")
        time.sleep(0.05)


def free_port() -> int:
    """A port of the loopback address on which nothing listens, outside the range from which clients take theirs."""
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    for port in range(low - 1, 1024, -1):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("expected a free port on 127.0.0.1, found none")


def listens(port: int) -> bool:
    """Whether somebody takes connections on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
