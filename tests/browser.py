"""Finds a Chromium, installs one where it may, and opens it for journeys."""

import os
import shutil
import subprocess
from pathlib import Path

REMEDY = """\
No Chromium was found, and the journeys are never skipped.
  Debian, Ubuntu:   sudo apt install chromium fonts-wqy-microhei
  elsewhere:        install Chromium or Chrome, and name it: CHROMIUM=/path/to/chromium ./test"""
FLAGS = [
    "--headless",
    "--no-sandbox",  # the suite may run as root, where the sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # nothing but our own server: no look-ups of the maker's hosts
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
]


class BrowserMissingError(Exception):
    """There is no Chromium here and it may not be installed; the message says what to do."""


def executable() -> Path:
    """Return a Chromium, with a font for Chinese beside it; installs both on Debian as root. Raises BrowserMissingError."""
    found = _find()
    if found and _has_chinese_font():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", "chromium", "fonts-wqy-microhei", "fontconfig")
        found = _find()
    if not found:
        raise BrowserMissingError(REMEDY)
    return found


def _find() -> Path | None:
    names = [os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"]
    paths = [shutil.which(name) for name in names if name]
    return next((Path(path) for path in paths if path), None)


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _apt(*words: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-q", *words], env=env, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    print(executable())
