"""nginx in front, with its cache, set up with the very lines of docs/operations.md, as a process of its own."""

import os
import pwd
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.fanout.running import end, listens, on_core, wait_for

BASE = Path(__file__).resolve().parent.parent.parent
MANUAL = BASE / "docs" / "operations.md"
# What the manual's lines say of a real machine, once each.
CACHE_FOLDER, UPSTREAM = "/var/cache/nginx/fangtan", "127.0.0.1:8000"
CONNECTIONS = 32_000
# Where Debian's package is unpacked on a machine without nginx: nothing is installed, and no service of it starts.
UNPACKED = BASE / "var" / "nginx"


class Missing(Exception):
    """There is no nginx on this machine."""


@dataclass(frozen=True)
class Cache:
    """A running nginx; `worker` is the process that answers."""

    port: int
    worker: int


def documented() -> tuple[str, str]:
    """The manual's lines: those for the whole program, and those for the server. Raises ValueError if they are not there."""
    text = MANUAL.read_text(encoding="utf-8")
    block = re.search(r"^    proxy_cache_path .*?(?=\n\n\S)", text, re.DOTALL | re.MULTILINE)
    if block is None:
        raise ValueError(f"expected an indented block that begins with proxy_cache_path in {MANUAL.name}, found none")
    whole, _gap, server = textwrap.dedent(block[0]).partition("\n\n")
    return whole, server


def configuration(*, folder: Path, port: int, upstream: int) -> str:
    """A whole configuration around the manual's lines, which writes into `folder` alone.

    Raises ValueError if what has to be another on this machine does not stand there exactly once.
    """
    here = {CACHE_FOLDER: f"{folder}/cache", UPSTREAM: f"127.0.0.1:{upstream}"}
    lines = list(documented())
    for there, ours in here.items():
        if (found := "\n".join(lines).count(there)) != 1:
            raise ValueError(f"expected {there} once in the lines of {MANUAL.name}, found it {found} times")
        lines = [line.replace(there, ours) for line in lines]
    kept = "\n".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""\
user {pwd.getpwuid(os.getuid()).pw_name};
worker_processes 1;
worker_rlimit_nofile {2 * CONNECTIONS};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections {CONNECTIONS}; }}
http {{
access_log off;
{kept}
{lines[0]}
server {{
listen 127.0.0.1:{port} backlog=4096;
{lines[1]}
}}
}}
"""


def program() -> str:
    """Where nginx is; on Debian it is fetched if there is none. Raises Missing."""
    found = _find()
    if found is None and shutil.which("apt-get"):
        _fetch()
        found = _find()
    if found is None:
        raise Missing("nginx was not found. On Debian or Ubuntu: apt-get install nginx-light (its service need not run)")
    return found


def _find() -> str | None:
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", f"{UNPACKED}/usr/sbin"]))


def _fetch() -> None:
    UNPACKED.mkdir(parents=True, exist_ok=True)
    print("Fetching nginx … / 正在下载 nginx……", flush=True)
    if os.geteuid() == 0:
        subprocess.run(["apt-get", "-qq", "update"], check=False, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "-qq", "download", "nginx"], cwd=UNPACKED, check=False, stdout=subprocess.DEVNULL)
    for package in UNPACKED.glob("nginx_*.deb"):
        subprocess.run(["dpkg-deb", "--extract", package, UNPACKED], check=True)
        package.unlink()


@contextmanager
def caching(folder: Path, *, port: int, upstream: int) -> Iterator[Cache]:
    """Run nginx in front of a port, on the first core; it has ended afterwards. Raises Missing, and Gone if it does not start."""
    nginx, file, log = program(), folder / "nginx.conf", folder / "nginx.log"
    file.write_text(configuration(folder=folder, port=port, upstream=upstream), encoding="utf-8")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [nginx, "-c", str(file), "-e", str(folder / "error.log"), "-g", "daemon off;"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=on_core(0),  # noqa: PLW1509  (no other threads here yet)
        )
    try:
        wait_for(lambda: listens(port) and bool(_workers(process.pid)), process, log)
        yield Cache(port, _workers(process.pid)[0])
    finally:
        end(process)


def _workers(master: int) -> list[int]:
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    return [pid for pid in map(int, children) if b"worker process" in Path(f"/proc/{pid}/cmdline").read_bytes()]
