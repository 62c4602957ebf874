"""What ./run does once everything is installed: prepare, start every process, watch them, stop them together.

Standard library only: it stays in memory beside the processes it starts.
"""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

BASE = Path(__file__).resolve().parent.parent
READY_SECONDS = 120
STOP_SECONDS = 10
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process of the service; when an essential one ends, all end."""

    name: str
    command: tuple[str, ...]
    essential: bool = True


def web(*, host: str, port: int, server: str = "daphne") -> Program:
    """Return the web server, "daphne" or "uvicorn"."""
    bound = ("--server", server, "--host", host, "--port", str(port))
    return Program(name="web", command=(sys.executable, "manage.py", "serve", *bound))


def worker() -> Program:
    """Return the background worker."""
    return Program(name="worker", command=(sys.executable, "manage.py", "worker"))


def player(*, url: str) -> Program:
    """Return the player of the demonstration's live interview: the one place that says how it is called."""
    return Program(name="demo", command=(sys.executable, "manage.py", "rehearse", "--url", url, "--demo"), essential=False)


class Supervisor:
    """Starts programs in the process group of its own, and ends them by their ids."""

    def __init__(self) -> None:
        self.running: dict[Program, subprocess.Popen[bytes]] = {}
        self.stopping = False
        self._woken = threading.Event()

    def listen(self) -> None:
        """Stop on SIGINT, SIGTERM and SIGHUP; wake up when a child ends."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: self._woken.set())

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
        self._woken.set()

    def start(self, program: Program, *, output: IO[bytes] | None = None) -> None:
        """Start it, its standard output going to `output` if given."""
        self.running[program] = subprocess.Popen(
            program.command,
            cwd=BASE,
            stdin=subprocess.DEVNULL,
            stdout=output,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  (no other threads here)
        )

    def dead(self) -> Program | None:
        """Return an essential program that has ended, if one has; others that ended are told of and forgotten."""
        for program, process in list(self.running.items()):
            if process.poll() is None:
                continue
            if program.essential:
                return program
            del self.running[program]
            say(f"{program.name} has ended ({ending(process.returncode)}); the service goes on. / {program.name} 已结束，服务继续运行。")
        return None

    def wait(self, seconds: float | None) -> None:
        """Return when something happened: a signal, a child's end, or that many seconds."""
        self._woken.wait(seconds)
        self._woken.clear()

    def stop_all(self) -> None:
        """End what is left: SIGTERM, STOP_SECONDS to comply, SIGKILL. Afterwards no child is left."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for program, process in self.running.items():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"{program.name} (process {process.pid}) did not stop within {STOP_SECONDS} seconds and was killed.")
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    """Linux ends the child when the supervisor is killed outright, so that nothing keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1: PR_SET_PDEATHSIG


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def is_free(host: str, port: int) -> bool:
    """Say whether a server may listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def names(host: str) -> list[str]:
    """Return the names under which browsers reach a server that listens on `host`, the best one first."""
    if host in LOOPBACK:
        return ["localhost" if host == "localhost" else "[::1]" if ":" in host else "127.0.0.1"]
    if host not in {"0.0.0.0", "::"}:  # noqa: S104  (compared, not bound)
        return [f"[{host}]" if ":" in host else host]
    found = {"127.0.0.1": None, socket.gethostname(): None}
    with suppress(OSError):
        found |= dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET))
    return list(found)


def until_ready(url: str, *, alive: Callable[[], bool]) -> bool:
    """Wait until /healthz answers 200; False if `alive` turned false first, or after READY_SECONDS."""
    deadline = time.monotonic() + READY_SECONDS
    while alive() and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310  (our own server)
                if answer.status == 200:
                    return True
        except OSError:  # not listening yet; or 503, which urllib raises
            time.sleep(0.1)
    return False


def port_number(word: str) -> int:
    """Return the port a person typed; raises ArgumentTypeError for what is none."""
    if not (word.isascii() and word.isdigit() and len(word) <= 5 and 1 <= int(word) <= 65535):
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 65535, got {word!r} / 端口应为1到65535的数字")
    return int(word)


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Run Fangtan on this machine, with a demo city to look at.")
    parser.add_argument("--port", type=port_number, default=8000, help="port to listen on, 1 to 65535 (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1; 0.0.0.0 for the whole network)")
    parser.add_argument("--empty", action="store_true", help="without the demo city")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run until a signal (then 0) or until an essential program ends (then 1)."""
    options = arguments(words)
    addresses = [f"http://{name}:{options.port}" for name in names(options.host)]
    if not is_free(options.host, options.port):
        say(f"Port {options.port} on {options.host} is in use or not allowed; try: ./run --port {options.port + 1}")
        say(f"{options.host} 的 {options.port} 端口被占用或没有权限，请换一个：./run --port {options.port + 1}")
        return 1
    os.environ.setdefault("DEMONSTRATION", "false" if options.empty else "true")
    if not options.empty:
        os.environ.setdefault("SITE_NAME", "浔江市人民政府门户网站")
        os.environ.setdefault("SITE_DOMAIN", "www.xunjiang.example")
    os.environ.setdefault("ALLOWED_HOSTS", ",".join(["localhost", ".localhost", "127.0.0.1", "[::1]", *names(options.host)]))

    supervisor = Supervisor()
    supervisor.listen()
    try:
        welcome = prepared(supervisor, demo=not options.empty)
        return 0 if welcome is None else serve(supervisor, options, addresses, welcome)
    except PrepareError:
        say("Preparing the database failed, the reason stands above; nothing was started. / 准备数据库失败，原因见上，服务没有启动。")
        return 1
    finally:
        supervisor.stop_all()
        say("Stopped. / 已停止。")


class PrepareError(Exception):
    """`manage.py prepare` failed and has said why."""


def prepared(supervisor: Supervisor, *, demo: bool) -> str | None:
    """Prepare, and return what that printed: it is for the end, addresses and sign-ins must not scroll away.

    None if a signal came first. Raises PrepareError.
    """
    program = Program(name="prepare", command=(sys.executable, "manage.py", "prepare", *(["--demo"] if demo else [])))
    with tempfile.TemporaryFile() as output:
        supervisor.start(program, output=output)
        while supervisor.dead() is None:
            if supervisor.stopping:
                return None
            supervisor.wait(None)
        if supervisor.running.pop(program).returncode:
            raise PrepareError
        output.seek(0)
        return output.read().decode()


def serve(supervisor: Supervisor, options: argparse.Namespace, addresses: list[str], welcome: str) -> int:
    """Start everything, greet, and wait; the caller ends what is left."""
    supervisor.start(web(host=options.host, port=options.port))
    supervisor.start(worker())
    if until_ready(addresses[0], alive=lambda: not supervisor.stopping and supervisor.dead() is None):
        if not options.empty:
            supervisor.start(player(url=addresses[0]))
        print(f"\nFangtan 在线访谈  {'  '.join(f'{address}/' for address in addresses)}\n", flush=True)
        print(welcome or EMPTY_WELCOME, flush=True)
        print("Stop with Ctrl-C. / 按 Ctrl-C 停止。", flush=True)
    elif not supervisor.stopping and not supervisor.dead():
        say(f"The service was not ready within {READY_SECONDS} seconds; {addresses[0]}/healthz says what is missing.")
        return 1
    while not supervisor.stopping:
        program = supervisor.dead()
        if program:
            say(f"{program.name} has ended ({ending(supervisor.running[program].returncode)}), so everything stops.")
            say(f"{program.name} 意外退出，全部停止。")
            return 1
        supervisor.wait(None)
    return 0


EMPTY_WELCOME = """\
Nothing is in it yet. The first administrator: .venv/bin/python manage.py create_administrator --username chief --name 王主任
系统里还没有内容。请先建立管理员账号：.venv/bin/python manage.py create_administrator --username chief --name 王主任
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
