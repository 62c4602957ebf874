"""Whose turn it is to come in: who comes together with many others waits a little, so that those who are in are served meanwhile."""

import asyncio
from collections import deque

from realtime.allowance import Allowance

# Nobody waits for longer, however many come: then more are let in each second. Well below the time in which a handshake must be over.
LONGEST = 6.0  # seconds


class Turns:
    """Gives turns in the order in which they were asked for, at most `per_second` within any second; 0 stands for no limit.

    Unless the last one would then wait for more than LONGEST: until nobody waits, as many are let in as that takes.
    """

    def __init__(self, per_second: int) -> None:
        self._steady = 0.9 * per_second
        # A tenth of them at once: a loop that was held up for a while does not make up for it in a heap.
        self._allowance = Allowance(0.0, self._steady, max(1.0, 0.1 * per_second)) if per_second else None
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def mine(self) -> None:
        """Return when it is the caller's turn."""
        if self._allowance is None:
            return
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        self._allowance.rate = max(self._allowance.rate, len(self._waiting) / LONGEST)
        if self._timer is None:
            self._go_on(loop, self._allowance)
        await turn

    def _go_on(self, loop: asyncio.AbstractEventLoop, allowance: Allowance) -> None:
        self._timer = None
        # Who was cancelled takes no turn.
        while self._waiting and (self._waiting[0].done() or allowance.take(loop.time())):
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
        if self._waiting:
            self._timer = loop.call_later(1 / allowance.rate, self._go_on, loop, allowance)
        else:
            allowance.rate = self._steady
