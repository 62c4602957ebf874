"""manage.py at hand: a process that has loaded Django once and forks for each command, which starts in a moment then.

Each command still runs in a process of its own, with the settings, the data and the connections of nobody else.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import django
from django.core.management import execute_from_command_line
from django.template import engines
from django.urls import reverse

BASE = Path(__file__).resolve().parent.parent


class Outcome(NamedTuple):
    """What a command printed, what it complained of, and its exit code."""

    code: int
    out: str
    err: str


class Console:
    """Runs management commands with these environment variables; the first one waits until Django is loaded."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def run(self, *words: str) -> Outcome:
        """Run a command and wait for its end. Raises RuntimeError if the console itself has ended, after saying why."""
        with self._one_at_a_time, tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            process = self._started()
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps([str(out), str(err), words]) + "\n")
            process.stdin.flush()
            code = process.stdout.readline()
            if not code:
                raise RuntimeError(f"the console has ended ({process.wait()}); what it said stands above")
            return Outcome(int(code), out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    def close(self) -> None:
        """End it; afterwards no process is left."""
        if self._process is not None:
            # It reads to the end of its orders and goes.
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = (sys.executable, "-m", "tests.console")
            self._process = subprocess.Popen(
                command, cwd=BASE, env=dict(self._env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        return self._process


def main() -> None:
    """Obey orders, one a line: files for the two outputs, and the words after manage.py; say each exit code."""
    django.setup()
    # With the addresses and the templates comes everything that commands may need.
    reverse("sign_in")
    engines.all()
    # A process that ends looks through all it holds: not through this.
    gc.freeze()
    while line := sys.stdin.readline():
        out, err, words = json.loads(line)
        child = os.fork()
        if not child:
            _become(out, err, words)
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(out: str, err: str, words: Sequence[str]) -> None:
    for number, path, mode in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY | os.O_CREAT), (2, err, os.O_WRONLY | os.O_CREAT)):
        opened = os.open(path, mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    main()
