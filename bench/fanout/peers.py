"""What is compared: how each server is started, and what it is."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
BUILT = BASE / "var" / "fanout"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One server under measurement. `command(port, control)` starts it; `dialect` is what the client speaks with it.

    `crowds`: also with 5,000 and 10,000 readers. `single`: whether it sends each event in a frame of its own.
    """

    name: str
    title: str
    command: Callable[[int, Path], list[str]]
    dialect: str = "plain"
    path: str = "/"
    crowds: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether it is the engine of this repository."""
        return self.dialect == "fangtan"


def _daphne(application: str) -> Callable[[int, Path], list[str]]:
    bound = ("-b", "127.0.0.1", "--no-server-name", "-v", "0")
    return lambda port, _control: [sys.executable, "-m", "daphne", *bound, "-p", str(port), f"{application}:application"]


def _node(program: str) -> Callable[[int, Path], list[str]]:
    return lambda port, control: ["node", str(BUILT / "node" / program), str(port), str(control)]


def _ours(server: str, *, express: bool) -> Peer:
    return Peer(
        name=f"ours_{server}_express" if express else f"ours_{server}",
        title=f"ours on {server}, {'express frames' if express else 'plain send'}",
        command=lambda port, _control: [sys.executable, "-m", "bench.fanout.serving", server, str(port)],
        dialect="fangtan",
        path="/ws/",
        crowds=express,
        environment={"EXPRESS_FRAMES": "true" if express else "false"},
    )


PEERS = (
    Peer(
        name="limit",
        title="physical limit: C, the same bytes to every socket",
        command=lambda port, control: [str(BUILT / "limit"), str(port), str(control)],
        crowds=True,
    ),
    Peer(name="textbook", title="textbook Channels: group_send, in-memory layer, daphne", command=_daphne("bench.fanout.textbook")),
    Peer(name="node_ws", title="Node ws", command=_node("ws.js"), crowds=True),
    Peer(
        name="socketio",
        title="Socket.IO",
        command=_node("socketio.js"),
        dialect="socketio",
        path="/socket.io/?EIO=4&transport=websocket",
    ),
    _ours("daphne", express=False),
    _ours("daphne", express=True),
    _ours("uvicorn", express=False),
    _ours("uvicorn", express=True),
)


def build(names: Iterable[str]) -> None:
    """Compile what is in C, install what is from npm: afterwards every peer named can be started. Raises CalledProcessError."""
    BUILT.mkdir(parents=True, exist_ok=True)
    for program in ("client", "limit"):
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", str(BUILT / program), str(HERE / f"{program}.c")], check=True)
    if {"node_ws", "socketio"} & set(names):
        folder, lock = BUILT / "node", "package-lock.json"
        folder.mkdir(exist_ok=True)
        installed = folder / "node_modules" / lock
        wanted = (HERE / "node" / lock).read_bytes()
        for file in (HERE / "node").iterdir():
            shutil.copy(file, folder / file.name)
        if not installed.exists() or installed.read_bytes() != wanted:
            words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
            subprocess.run(words, cwd=folder, check=True, stdout=sys.stderr)
            # Beside what was installed, so that another lock is noticed.
            installed.write_bytes(wanted)


def fresh_data(folder: Path) -> dict[str, str]:
    """Make an empty database of ours in a folder; returns the environment in which our servers use it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'fangtan.sqlite3'}",
        "REDIS_URL": "",
        "SECRET_KEY": "measured and thrown away, and long enough to please the checks",
        "LOG_LEVEL": "WARNING",
        "CONNECTIONS_PER_ADDRESS": "0",
        "CONNECTIONS_TOTAL": "0",
        "HANDSHAKES_PER_SECOND": "0",
        "PYTHONPATH": str(BASE),
    }
    template = BUILT / "empty.sqlite3"
    migrations = sorted((BASE / "realtime" / "migrations").glob("0*.py"))
    if not template.exists() or template.stat().st_mtime < max(file.stat().st_mtime for file in migrations):
        template.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix="fangtan-fanout-") as scratch:
            words = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "realtime"]
            made = Path(scratch) / "empty.sqlite3"
            subprocess.run(words, cwd=BASE, env={**environment, "DATA_DIR": scratch, "DATABASE_URL": f"sqlite:///{made}"}, check=True)
            shutil.copy(made, template)
    shutil.copy(template, folder / "fangtan.sqlite3")
    return environment
