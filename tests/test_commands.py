"""./run, as a person types it: what it says, what it serves, how it ends."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.server import BASE, free_port

ENDS = 120  # seconds: the supervisor gives its programs ten, and must be reached by a busy machine


@contextmanager
def run(*words: str, data: Path) -> Iterator[subprocess.Popen[str]]:
    """Type ./run; whatever happens, nothing is left."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "PORTAL_ROOT", "MEDIA_ROOT", "STATIC_ROOT"}
    }
    env |= {"DATA_DIR": str(data), "REDIS_URL": "", "DATABASE_URL": f"sqlite:///{data / 'fangtan.sqlite3'}"}
    process = subprocess.Popen(
        ["./run", *words], cwd=BASE, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], line: str) -> list[str]:
    assert process.stdout
    read: list[str] = []
    for text in process.stdout:
        read.append(text.rstrip("\n"))
        if read[-1].startswith(line):
            return read
    raise AssertionError(f"./run ended without saying {line!r}: {read} {process.stderr and process.stderr.read()}")


def children(pid: int) -> dict[str, int]:
    """Return the processes under this one: their command lines and ids."""
    listed = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid=,args="], capture_output=True, text=True, check=False).stdout
    return {args: int(number) for number, args in (line.split(maxsplit=1) for line in listed.splitlines())}


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_serves_until_it_is_told_to_stop(tmp_path):
    port = free_port()
    with run("--empty", "--port", str(port), data=tmp_path) as process:
        said = read_until(process, "Stop with Ctrl-C.")
        assert f"Fangtan 在线访谈  http://127.0.0.1:{port}/" in said
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").json()["status"] == "ok"
        started = children(process.pid)
        assert len(started) == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(ENDS) == 0
        assert [pid for pid in started.values() if exists(pid)] == []
        assert process.stderr.read().endswith("Stopped. / 已停止。\n")
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_when_one_process_dies_all_stop_and_it_is_named(tmp_path):
    with run("--empty", "--port", str(free_port()), data=tmp_path) as process:
        read_until(process, "Stop with Ctrl-C.")
        started = children(process.pid)
        worker = next(pid for args, pid in started.items() if args.endswith("manage.py worker"))
        os.kill(worker, signal.SIGKILL)
        assert process.wait(ENDS) == 1
        assert [pid for pid in started.values() if exists(pid)] == []
        assert "worker has ended (SIGKILL), so everything stops.\n" in process.stderr.read()


def test_a_port_in_use_is_told_with_another_to_try(tmp_path):
    with run("--empty", "--port", str(port := free_port()), data=tmp_path) as first:
        read_until(first, "Stop with Ctrl-C.")
        with run("--empty", "--port", str(port), data=tmp_path) as second:
            assert second.wait(ENDS) == 1
            assert f"./run --port {port + 1}\n" in second.stderr.read()


def test_without_a_python_it_says_how_to_get_one(tmp_path):
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    (tmp_path / "cat").symlink_to(shutil.which("cat"))
    for command in ("run", "test"):
        done = subprocess.run(
            ["/bin/sh", f"./{command}"], cwd=BASE, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "sudo apt install python3 python3-venv" in done.stderr
        assert "需要 Python 3.11 或更高版本" in done.stderr


def test_test_refuses_servers_it_does_not_have():
    done = subprocess.run(["./test", "--on", "oracle"], cwd=BASE, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "./test --on expects: postgres\n")
