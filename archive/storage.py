"""What to tell an editor when the portal's folder could not be written."""

import errno
import sqlite3
from pathlib import Path

from django.db import DatabaseError
from django.utils.translation import gettext as _

from realtime.commands import Refused

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_PG_DISK_FULL = "53100"
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR, errno.EEXIST}


def is_full(error: DatabaseError) -> bool:
    """Whether the database has run out of room, which in the embedded installation is on the same disk."""
    cause = error.__cause__
    return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or getattr(cause, "sqlstate", None) == _PG_DISK_FULL


def explain(error: OSError | DatabaseError, *, root: Path) -> Refused:
    """The refusal (code storage) that says what failed, where, and what to do; what was archived before is untouched."""
    code = getattr(error, "errno", None)
    if code in _FULL or isinstance(error, DatabaseError):
        reason = _("归档目录 %(path)s 所在的磁盘没有空间了。请联系管理员清理磁盘，然后再点一次“归档”。")
    elif code in _CLOSED:
        reason = _("归档目录 %(path)s 不能写入。请联系管理员检查目录的所有者和权限，然后再点一次“归档”。")
    elif code in _NO_FOLDER and str(getattr(error, "filename", "")).startswith(str(root)):
        reason = _("归档目录 %(path)s 不是可用的目录。请联系管理员检查 PORTAL_ROOT 的设置，然后再点一次“归档”。")
    else:
        reason = _("归档目录 %(path)s 写入失败（%(detail)s）。请联系管理员检查磁盘，然后再点一次“归档”。")
    sentence = reason % {"path": root, "detail": getattr(error, "strerror", None) or type(error).__name__}
    return Refused("storage", sentence + _("原有的归档文件没有改动，实录没有丢失。"))


def explain_busy() -> Refused:
    """The refusal (conflict) for whoever waited too long for another writer."""
    return Refused("conflict", _("另一次归档还没有写完，请过一分钟再点一次“归档”。"))
