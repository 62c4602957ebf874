import errno
import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError

from archive import storage

ROOT = Path("/srv/portal")
KEPT = "原有的归档文件没有改动，实录没有丢失。"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "归档目录 /srv/portal 所在的磁盘没有空间了。请联系管理员清理磁盘，然后再点一次“归档”。",
        ),
        (
            OSError(errno.EDQUOT, "Disk quota exceeded"),
            "归档目录 /srv/portal 所在的磁盘没有空间了。请联系管理员清理磁盘，然后再点一次“归档”。",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/srv/portal"),
            "归档目录 /srv/portal 不能写入。请联系管理员检查目录的所有者和权限，然后再点一次“归档”。",
        ),
        (
            OSError(errno.EROFS, "Read-only file system"),
            "归档目录 /srv/portal 不能写入。请联系管理员检查目录的所有者和权限，然后再点一次“归档”。",
        ),
        (
            NotADirectoryError(errno.ENOTDIR, "Not a directory", "/srv/portal/.writing"),
            "归档目录 /srv/portal 不是可用的目录。请联系管理员检查 PORTAL_ROOT 的设置，然后再点一次“归档”。",
        ),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "/srv/media/face.webp"),
            "归档目录 /srv/portal 写入失败（No such file or directory）。请联系管理员检查磁盘，然后再点一次“归档”。",
        ),
        (
            OSError(errno.EIO, "Input/output error"),
            "归档目录 /srv/portal 写入失败（Input/output error）。请联系管理员检查磁盘，然后再点一次“归档”。",
        ),
    ],
)
def test_trouble_is_told_with_the_place_and_the_remedy(error, sentence):
    refusal = storage.explain(error, root=ROOT)
    assert (refusal.code, refusal.detail) == ("storage", sentence + KEPT)


def full_database() -> OperationalError:
    """What SQLite really says when its file may not grow."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 1")
    try:
        connection.execute("CREATE TABLE t (x)")
    except sqlite3.OperationalError as cause:
        error = OperationalError(str(cause))
        error.__cause__ = cause
        return error
    finally:
        connection.close()
    raise AssertionError("expected a full database")


def test_a_database_without_room_is_a_full_disk():
    error = full_database()
    assert storage.is_full(error)
    assert "没有空间" in storage.explain(error, root=ROOT).detail


def test_another_trouble_of_the_database_is_not():
    assert not storage.is_full(OperationalError("database is locked"))
