"""Says goodbye before the server does: runs something first when the process is asked to end."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Farewell:
    """While it is in place, SIGTERM and SIGINT call `say` and then do what the server had set up for them.

    Both daphne and uvicorn set theirs up before they take the first connection; neither tells the application in time.
    """

    def __init__(self, say: Callable[[], None]) -> None:
        self._say = say
        self._previous: dict[int, Any] = {}

    def arm(self) -> None:
        """Put it in place; only the main thread can, elsewhere nothing happens."""
        if threading.current_thread() is threading.main_thread():
            # Known before it is replaced: the signal may come between any two steps.
            self._previous = {number: signal.getsignal(number) for number in SIGNALS}
            for number in SIGNALS:
                signal.signal(number, self._handle)

    def disarm(self) -> None:
        """Take it away, unless somebody put another handler above it."""
        for number, handler in self._previous.items():
            if signal.getsignal(number) == self._handle:
                signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._say()
        previous = self._previous.get(number, signal.SIG_DFL)
        if callable(previous):
            previous(number, frame)
        elif previous == signal.SIG_DFL:
            self.disarm()
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
