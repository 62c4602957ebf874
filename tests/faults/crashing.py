"""The real application in a process that ends, as by kill -9, at the point that stands in the file FAULT_FILE.

The points lie on the way of a question that is asked, decided or withdrawn (statements, the commit, the bell, the answer), and of
a process that ends. They are found from outside, by the statement, function or message that passes, so that the application
knows nothing of them.
"""

import os
import re
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from asgi import application as real
from realtime.doorbell import Doorbell
from realtime.hints import Hint
from realtime.hub import Hub
from realtime.protocol import CloseCode
from realtime.reader import Reader
from tests.faults.points import EXIT_CODE, STATEMENTS

# How the answer to a question is known that came over a socket: the receipt's address in a frame, in JSON.
ANSWER = re.compile(rb'"url": ?"/receipts/')

_file = Path(os.environ["FAULT_FILE"])
# Whether this thread has written something of the work, and its commit is therefore the one that counts.
_thread = threading.local()


def told() -> str:
    """The point at which somebody is to end, "" if nobody is."""
    try:
        return _file.read_text()
    except FileNotFoundError:
        return ""


def end_if(reached: bool) -> None:
    """End here if the point is reached."""
    if reached:
        os._exit(EXIT_CODE)


def around(what: str, work: Callable[[], Any]) -> Any:
    """Do it between its two points. What is told in the middle of it is meant for what comes next."""
    point = told()
    end_if(point == f"before {what}")
    done = work()
    end_if(point == f"after {what}")
    return done


def crash_at_statements() -> None:
    execute = CursorWrapper.execute

    @wraps(execute)
    def executed(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        for what, pattern in STATEMENTS.items():
            if pattern.match(sql):
                _thread.wrote = True
                return around(what, lambda: execute(self, sql, params))
        return execute(self, sql, params)

    CursorWrapper.execute = executed  # type: ignore[assignment, method-assign]


def crash_at_commit() -> None:
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

    @wraps(commit)
    def committed(self: BaseDatabaseWrapper) -> Any:
        if not getattr(_thread, "wrote", False):
            return commit(self)
        _thread.wrote = False
        return around("commit", lambda: commit(self))

    BaseDatabaseWrapper._commit = committed  # type: ignore[attr-defined]


def crash_at_bell() -> None:
    ring = Doorbell.ring

    @wraps(ring)
    def rung(self: Doorbell, hint: Hint) -> None:
        if not hint.moved:
            return ring(self, hint)
        return around("bell", lambda: ring(self, hint))

    Doorbell.ring = rung  # type: ignore[method-assign]


def crash_at_farewell() -> None:
    bye, close = Hub._bye, Reader.close

    @wraps(bye)
    def said_bye(self: Hub) -> None:
        around("bye", lambda: bye(self))

    @wraps(close)
    def closed(self: Reader, code: int) -> None:
        if code != CloseCode.RESTART:
            return close(self, code)
        return around("close", lambda: close(self, code))

    Hub._bye = said_bye  # type: ignore[method-assign]
    Reader.close = closed  # type: ignore[method-assign]


class Watched:
    """An express that is watched on its way out."""

    def __init__(self, express: Any) -> None:
        self.express = express

    def __getattr__(self, name: str) -> Any:
        return getattr(self.express, name)

    def write(self, frame: bytes) -> bool:
        """As the real one: only events are put past this, and no answer is among them."""
        if not ANSWER.search(frame):
            return bool(self.express.write(frame))
        point = told()
        end_if(point == "before answer")
        taken = bool(self.express.write(frame))
        end_if(taken and point == "after answer")
        return taken


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The real one, watched on its way out."""

    posted = scope["type"] == "http" and scope["method"] == "POST"

    async def sent(message: dict[str, Any]) -> None:
        if posted:
            # It has been answered with the last part.
            answer = message["type"] == "http.response.body" and not message.get("more_body", False)
        else:
            answer = bool(ANSWER.search((message.get("text") or "").encode()))
        if not answer:
            await send(message)
            return
        point = told()
        end_if(point == "before answer")
        await send(message)
        end_if(point == "after answer")

    express = scope.get("extensions", {}).get("fangtan.express")
    if express is not None:
        express["socket"] = Watched(express["socket"])
    await real(scope, receive, sent)


crash_at_statements()
crash_at_commit()
crash_at_bell()
crash_at_farewell()
