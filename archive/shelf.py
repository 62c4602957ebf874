"""The folder of the portal as a shelf: whole folders and files are put in place of old ones, never written in place."""

import ctypes
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

# On the same file system as the rest, or nothing could be renamed; hidden, so that no portal serves it.
WORKSHOP = ".writing"
LOCK = "lock"
LOCK_SECONDS = 20.0
_PATIENCE = 0.05
_PART = 1 << 20
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# What kernels and file systems say that cannot exchange two names.
_CANNOT_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM}


class Busy(Exception):
    """Somebody else has been writing all the time."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Be the only one who writes below `root`, in this process and all others; what a crash left behind is mended first.

    Raises Busy after LOCK_SECONDS, OSError if `root` cannot be written.
    """
    workshop = root / WORKSHOP
    workshop.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + LOCK_SECONDS
    with (workshop / LOCK).open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy from None
                time.sleep(_PATIENCE)
        # Closing the file gives the lock back, also when this process dies.
        _mend(root)
        yield


class Draft:
    """Folders and files being made beside the shelf; `place()` puts all of them on it.

    A context manager, used under locked(): leaving it by an exception, also after place(), puts back what stood there;
    either way nothing of the draft remains.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._desk = root / WORKSHOP / secrets.token_hex(8)
        self._placed: list[tuple[Path, Path, bool]] = []

    def __enter__(self) -> Self:
        # Not tempfile: its folders are closed to the web server.
        (self._desk / "new").mkdir(parents=True)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            for new, target, existed in reversed(self._placed):
                if existed:
                    put(new, target)
                else:
                    target.rename(new)
        shutil.rmtree(self._desk, ignore_errors=True)

    def write(self, path: str, content: bytes | Path) -> str:
        """Put a file into the draft at a path relative to the shelf (a Path is copied); returns the SHA-256 of what was written.

        On return it is on the disk.
        """
        target = self._desk / "new" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("xb") as file, _opened(content) as source:
            while part := source.read(_PART):
                file.write(part)
                digest.update(part)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest()

    def place(self, *paths: str) -> None:
        """Put these folders or files of the draft on the shelf, each in one step in place of what stood there."""
        for path in paths:
            new, target = self._desk / "new" / path, self._root / path
            if new.is_dir():
                for inner, _folders, _files in os.walk(new):
                    _sync(Path(inner))
            target.parent.mkdir(parents=True, exist_ok=True)
            existed = target.exists()
            put(new, target, aside=self._desk / "aside" / path)
            self._placed.append((new, target, existed))
        for folder in {parent for path in paths for parent in (self._root / path).parents if parent.is_relative_to(self._root)}:
            _sync(folder)


def put(new: Path, target: Path, *, aside: Path | None = None) -> None:
    """Afterwards `target` is what `new` was, and `new` what `target` was, if anything.

    A reader of `target` finds the old or the new one at any moment, where the kernel can exchange names (Linux, local file
    systems). Elsewhere the old one is moved aside first; a crash between the two steps is mended by the next locked().
    """
    if not target.exists():
        new.rename(target)
    elif not exchange(new, target):
        aside = aside or new.with_name(f"{new.name}.aside")
        aside.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            target.rename(aside)
        else:
            shutil.copy2(target, aside)
        new.replace(target)
        aside.rename(new)


def exchange(one: Path, other: Path) -> bool:
    """Let two names change their places in one step; False where that cannot be done. Raises OSError."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _opened(content: bytes | Path) -> BinaryIO:
    return BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _mend(root: Path) -> None:
    for desk in (root / WORKSHOP).iterdir():
        if not desk.is_dir():
            continue
        for left in desk.glob("aside/*/*/*"):
            target = root / left.relative_to(desk / "aside")
            if not target.exists():
                left.rename(target)
        shutil.rmtree(desk, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
