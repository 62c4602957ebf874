"""manage.py in a process whose time of day can be set while it runs: `python -m tests.faults.stepped FILE serve …`.

FILE holds by how many seconds that process is wrong. Whoever asks Python for the time of day there is told the wrong one; the
monotonic clock goes on, as it does where somebody sets the clock of a machine.
"""

import datetime  # noqa: ICN001  (it is changed by its name)
import mmap
import os
import struct
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from operations import supervisor

SECONDS = struct.Struct("d")


class Clocks:
    """The clocks of the web processes of a server, by the order of their ports: `running(…, launch=clocks.launch)`."""

    def __init__(self, folder: Path, *wrong_by: float, web: str = "daphne") -> None:
        """`wrong_by`: by how many seconds each of them is wrong from the start."""
        self._web = web
        self._ports: list[int] = []
        self._files = [folder / f"clock-{index}" for index in range(len(wrong_by))]
        for file, seconds in zip(self._files, wrong_by, strict=True):
            file.write_bytes(SECONDS.pack(seconds))

    def launch(self, port: int) -> Sequence[str]:
        """The command that serves a port."""
        if port not in self._ports:
            self._ports.append(port)
        _python, _manage, *words = supervisor.web(host="127.0.0.1", port=port, server=self._web).command
        return [sys.executable, "-m", "tests.faults.stepped", str(self._files[self._ports.index(port)]), *words]

    def step(self, *wrong_by: float) -> None:
        """Set all of them at once; each process knows with its next look."""
        for file, seconds in zip(self._files, wrong_by, strict=True):
            # In its place: the process has the file mapped.
            with file.open("r+b") as opened:
                opened.write(SECONDS.pack(seconds))


def error_in(file: Path) -> Callable[[], float]:
    """What tells the number in a file, whenever it is called."""
    with file.open("rb") as opened:
        held = mmap.mmap(opened.fileno(), SECONDS.size, access=mmap.ACCESS_READ)
    return lambda: float(SECONDS.unpack_from(held)[0])


def mislead(error: Callable[[], float]) -> None:
    """From now on the time of day in this process is wrong by `error()` seconds. Modules imported earlier may have kept the right one."""
    right, right_ns, Right = time.time, time.time_ns, datetime.datetime  # noqa: N806

    class Kind(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, Right) if cls is Misled else type.__instancecheck__(cls, value)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, Right) if cls is Misled else type.__subclasscheck__(cls, other)

    class Misled(datetime.datetime, metaclass=Kind):
        # Only asking for now is different: what comes out of it is of the right class, for libraries in C know no other.
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return Right.__new__(Right if cls is Misled else cls, *args, **kwargs)

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return Right.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return Right.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    def told_when_asked_for_now(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda seconds=None: function(time.time() if seconds is None else seconds)

    time.time = lambda: right() + error()
    time.time_ns = lambda: right_ns() + int(error() * 1e9)
    for name in ("gmtime", "localtime", "ctime"):
        setattr(time, name, told_when_asked_for_now(getattr(time, name)))
    datetime.datetime = Misled  # type: ignore[misc]


if __name__ == "__main__":
    mislead(error_in(Path(sys.argv[1])))
    # Only now: whatever Django and the libraries import of the time is the wrong one.
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    execute_from_command_line(["manage.py", *sys.argv[2:]])
