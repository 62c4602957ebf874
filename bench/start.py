"""From a clean clone to the first page: once with an empty package cache, once with a full one, once again in place."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from tests.server import free_port  # noqa: E402

PATIENCE = 300  # seconds


def first_page(folder: Path, cache: Path) -> tuple[float, dict[str, int]]:
    """Run ./run in `folder` until the list page answers; return the seconds, and KiB of memory by process."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "UV_", "VIRTUAL_ENV"))}
    environment |= {"UV_CACHE_DIR": str(cache), "PIP_CACHE_DIR": str(cache / "pip")}
    started = time.monotonic()
    service = subprocess.Popen(
        ["./run", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.monotonic() - started < PATIENCE and service.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                answer.read()
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"no page within {PATIENCE} seconds")
        seconds = time.monotonic() - started
        time.sleep(5)
        return seconds, memory(service.pid)
    finally:
        service.send_signal(signal.SIGINT)
        service.wait(60)


def memory(session: int) -> dict[str, int]:
    """Resident KiB of each process of that session, by what it runs."""
    found: dict[str, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) != session:
                continue
            words = (folder / "cmdline").read_text().split("\0")
            name = next((word for word in ("daphne", "worker", "rehearse", "operations.supervisor") if word in words), words[0])
            rows = [line for line in (folder / "status").read_text().splitlines() if line.startswith("VmRSS")]
            found[name] = int(rows[0].split()[1]) if rows else 0
    return found


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="fangtan-start-") as temporary:
        root = Path(temporary)
        cache = root / "cache"
        for name in ("cold", "warm"):
            subprocess.run(["git", "clone", "-q", str(BASE), str(root / name)], check=True)
        cold, _memory = first_page(root / "cold", cache)
        warm, _memory = first_page(root / "warm", cache)
        again, rest = first_page(root / "warm", cache)
    print(
        json.dumps(
            {"cold_seconds": round(cold, 1), "warm_seconds": round(warm, 1), "again_seconds": round(again, 1), "rss_kib": rest}, indent=2
        )
    )


if __name__ == "__main__":
    main()
