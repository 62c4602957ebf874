"""Makes .venv hold exactly what the lock files say; runs on a bare Python, before anything is installed."""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
TOOLS = BASE / ".tools"
VENV_MISSING = """\
This Python cannot make virtual environments.    On Debian and Ubuntu:  sudo apt install python3-venv
这个 Python 缺少 venv 模块，无法建立虚拟环境。  Debian、Ubuntu：       sudo apt install python3-venv"""
INSTALL_FAILED = """\
The packages could not be installed; what the installer said stands above. Nothing else was changed: run the command again.
If it cannot reach a package index, name one:  pip config set global.index-url https://…
依赖包没有装好，原因见上。其他内容没有改动，可以直接重试。
如果连不上软件源，请先设置镜像：pip config set global.index-url https://……"""


class BootstrapError(Exception):
    """Says, to the person at the terminal, what is missing and how to get it."""


def digest(lock: Path) -> str:
    """Return what stands for this lock file, installed by this Python into this folder."""
    parts = f"{sys.version_info[:3]} {BASE} ".encode() + lock.read_bytes()
    return hashlib.sha256(parts).hexdigest()


def locks(*, dev: bool) -> list[Path]:
    """Return the lock files that are satisfied afterwards; the last one is installed. The development lock holds the other's."""
    return [BASE / "requirements.txt", *([BASE / "requirements-dev.txt"] if dev else [])]


def is_ready(*, dev: bool) -> bool:
    """Say whether .venv was filled from the lock files as they are now."""
    try:
        stamps = (VENV / "stamps").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return False
    return all(digest(lock) in stamps for lock in locks(dev=dev))


def uv() -> Path | None:
    """Return the pinned uv in .tools, installing it if need be; None where there is no uv for this machine."""
    lock = BASE / "requirements-tools.txt"
    program, stamp = TOOLS / "bin" / "uv", TOOLS / "stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest(lock):
        return program
    make_venv(TOOLS)
    try:
        pip_install(TOOLS, lock)
    except subprocess.CalledProcessError:
        return None
    stamp.write_text(digest(lock), encoding="ascii")
    return program


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment with pip; raises BootstrapError if this Python has no venv."""
    if subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=False).returncode:
        raise BootstrapError(VENV_MISSING)


def pip_install(folder: Path, lock: Path) -> None:
    subprocess.run(
        [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)],
        check=True,
    )


def environment() -> dict[str, str]:
    """Return the environment for uv, which does not read pip's settings: pass on the mirror that pip was told to use."""
    asked: list[str | Path] = [TOOLS / "bin" / "python", "-m", "pip", "config", "list"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    mirror = re.search(r"^(?:global|:env:)\.index-url='(.+)'$", told, re.MULTILINE)
    return {"UV_PYTHON_DOWNLOADS": "never", **({"UV_DEFAULT_INDEX": mirror[1]} if mirror else {}), **os.environ}


def fill(*, dev: bool) -> None:
    """Make .venv hold what the lock says, and nothing else; raises BootstrapError."""
    lock = locks(dev=dev)[-1]
    (VENV / "stamps").unlink(missing_ok=True)
    program = uv()
    try:
        if program:
            env = environment()
            if not (VENV / "bin" / "python").exists():
                subprocess.run([program, "venv", "-q", "--clear", "--python", sys.executable, VENV], env=env, check=True)
            sync: list[str | Path] = [program, "pip", "sync", "-q", "--require-hashes", "--python", VENV / "bin" / "python", lock]
            subprocess.run(sync, env=env, check=True)
        else:
            make_venv(VENV)
            pip_install(VENV, lock)
    except subprocess.CalledProcessError as error:
        raise BootstrapError(INSTALL_FAILED) from error
    (VENV / "stamps").write_text("\n".join(digest(done) for done in locks(dev=dev)), encoding="ascii")


def main() -> int:
    dev = "--dev" in sys.argv[1:]
    # One at a time: ./run and ./test may be started together. The folder itself serves as the lock.
    folder = os.open(BASE, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if not is_ready(dev=dev):
        print("Installing what the lock file names … / 正在安装依赖……", file=sys.stderr)
        try:
            fill(dev=dev)
        except BootstrapError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
