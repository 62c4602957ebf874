"""How many sockets may be open, from one address and in this process altogether, and how fast they come."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from realtime.complaints import Complaints
from realtime.protocol import CloseCode
from realtime.turns import Turns

logger = logging.getLogger(__name__)

Application = Callable[[Any, Any, Any], Awaitable[None]]


class Admission:
    """Lets a socket in to the application within, or refuses it before its handshake is complete.

    A socket counts from its handshake until the application within has ended, however that comes about.
    """

    def __init__(
        self, inner: Application, *, sender: Callable[[dict[str, Any]], str], per_sender: int, total: int, per_second: int
    ) -> None:
        """`sender(scope)` names who is counted as one; it is called in the loop and must not wait. 0 stands for no limit.

        `per_second` refuses nobody: who comes with more than so many waits for its turn (realtime/turns.py).
        """
        self._inner = inner
        self._sender = sender
        self._per_sender = per_sender
        self._total = total
        self._turns = Turns(per_second)
        self._open: Counter[str] = Counter()
        self._everybody = 0
        # Whatever the reason: who is refused comes again and again.
        self._complaints = Complaints()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Run the application within if there is room."""
        sender = self._sender(scope)
        refusal = self._refusal(sender)
        if refusal is None:
            with self._counted(sender):
                await self._turns.mine()
                await self._inner(scope, receive, send)
            return
        await receive()
        # Seen as 403: a handshake that is not complete has no close codes.
        await send({"type": "websocket.close", "code": refusal})

    @property
    def open(self) -> dict[str, int]:
        """How many sockets each sender has; who has none is absent."""
        return dict(self._open)

    @contextmanager
    def _counted(self, sender: str) -> Iterator[None]:
        self._everybody += 1
        self._open[sender] += 1
        try:
            yield
        finally:
            self._everybody -= 1
            self._open[sender] -= 1
            if not self._open[sender]:
                del self._open[sender]

    def _refusal(self, sender: str) -> int | None:
        if self._total and self._everybody >= self._total:
            self._complain(f"{self._everybody} sockets are open in this process, and CONNECTIONS_TOTAL is {self._total}")
            return CloseCode.RESTART
        if self._per_sender and self._open[sender] >= self._per_sender:
            self._complain(
                f"{self._open[sender]} sockets are open from {sender}, and CONNECTIONS_PER_ADDRESS is {self._per_sender}; "
                "if that is a proxy, name it in TRUSTED_PROXIES"
            )
            return CloseCode.TOO_FAST
        return None

    def _complain(self, reason: str) -> None:
        if count := self._complaints.due():
            logger.warning("sockets refused since the last such line: %d; the newest because %s", count, reason)
