"""One socket as the hub sees it: where it stands on each topic and how much it can take."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable

from realtime.lane import Lane
from realtime.lifetime import Lifetime
from realtime.outbox import Express, Outbox, Send
from realtime.protocol import Beat, Bye, CloseCode, Dialect, Frame, Outgoing, encode
from realtime.stream import Stream
from realtime.window import Window

BACK_WITHIN = 2.0  # seconds in which a reader whose socket has lived long enough comes back
RECHECK_EVERY = 40.0  # seconds; with the rounds of the hub a lost right is noticed within 60


def beat_number() -> int:
    """The number of a beat: chance, so that only who has read it can answer it."""
    return secrets.randbits(48)


class Reader:
    """A socket that was let in. Everything that goes out to it goes through here."""

    __slots__ = (
        "_hang_up", "_open", "_outbox", "_recheck", "_recheck_at", "_room", "_watched",
        "catching_up", "closed", "dialect", "lifetime", "slot", "subscriptions", "window",
    )  # fmt: skip

    def __init__(
        self, send: Send, dialect: Dialect, *, recheck: Callable[[], None], hang_up: Callable[[], None], express: Express | None = None
    ) -> None:
        """`recheck()` is called from time to time, to look again at what the reader may read; `hang_up()` once, when
        the socket is to be dropped because nothing can be sent on it any more.
        """
        self.dialect = dialect
        self.window = Window()
        self.lifetime = Lifetime(time.monotonic())
        self.subscriptions: dict[str, tuple[Stream[Reader], Lane]] = {}
        self.catching_up: asyncio.Task[None] | None = None
        self.closed = False
        self.slot = 0
        self._open = False  # whether a lane may be in a convoy
        self._recheck = recheck
        self._hang_up = hang_up
        self._recheck_at = time.monotonic() + RECHECK_EVERY
        self._room: asyncio.Future[None] | None = None
        self._outbox = Outbox(send, express=express, drained=self._maybe_room, broken=self._drop)
        self._watched = express
        if express is not None:
            # The server is in the middle of something: what went the short way is counted, and asked about another time.
            express.watch(self._leave_convoys)

    @property
    def has_room(self) -> bool:
        """Whether events can be sent to it now."""
        self.close_lanes()
        return not self._outbox.busy and not self.window.full

    async def room(self) -> None:
        """Wait until there is room. Only the one who brings it the past waits."""
        while not self.has_room:
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    def say(self, message: Outgoing) -> None:
        """Send a frame of its own."""
        self.push(encode(message))

    def push(self, frame: Frame) -> None:
        """Send an encoded frame, which others may get too."""
        if self.closed:
            return
        self.close_lanes()
        self._outbox.send(frame)
        self.window.sent(frame.size)
        if self.window.beat_due:
            self._ask()

    def open_lanes(self) -> None:
        """Let events of the topics with which it is up to date go the short way; after whatever else was sent to it."""
        express = self._outbox.express
        # Its topics share what is left of the window.
        left = self.window.left // max(1, len(self.subscriptions))
        if express is None or left <= 0 or self.closed or not express.is_clear:
            return
        for stream, lane in self.subscriptions.values():
            if lane.live and lane.express is None:
                self._open = stream.join_convoy(self, express, left=left) or self._open

    def close_lanes(self) -> None:
        """Count what went the short way; whoever sends something else calls this first."""
        self._leave_convoys()
        if self.window.beat_due:
            self._ask()

    def beat(self, number: int, frame: Frame) -> None:
        """Send a beat and expect its answer."""
        if self.closed:
            return
        self._leave_convoys()
        self.window.sent(frame.size)
        self.window.asked(number, time.monotonic())
        self._outbox.send(frame)

    def confirmed(self, beat: int) -> None:
        """It has read everything up to a beat."""
        self.window.confirmed(beat)
        self._maybe_room()

    def heads(self) -> dict[str, tuple[str, int]]:
        """Epoch and head of its topics."""
        return {topic: (stream.head.epoch, stream.head.number) for topic, (stream, _) in self.subscriptions.items()}

    def look_after(self, now: float) -> None:
        """Close it if it does not read, has nothing to read or is old; look again at its rights if it is time."""
        if self.lifetime.at_work:
            # What it says is not read meanwhile, its answers to beats neither: a command may wait longer than they may.
            self.window.excuse(now)
        if self.window.overdue(now) or self.lifetime.idle(now, joined=bool(self.subscriptions)):
            self.close(CloseCode.NOT_READING)
        elif self.lifetime.over(now):
            self.say(Bye(after=round(random.uniform(0, BACK_WITHIN), 2)))  # noqa: S311  nothing secret about it
            self.close(CloseCode.RESTART)
        elif now >= self._recheck_at:
            self._recheck_at = now + RECHECK_EVERY
            self._recheck()

    def close(self, code: int) -> None:
        """Close the socket; nothing is sent after that."""
        self.close_lanes()
        if not self.closed:
            if self._outbox.busy:
                # A close frame would wait behind what is not being read.
                self._outbox.shut()
                self._drop()
            self.closed = True
            self._outbox.close(code)

    def gone(self) -> None:
        """The socket is no more."""
        self.close_lanes()
        self.closed = True
        self._outbox.shut()
        if self._watched is not None:
            self._watched.watch(None)
        if self.catching_up is not None:
            self.catching_up.cancel()

    def _leave_convoys(self) -> None:
        if self._open:
            self._open = False
            self.window.sent(sum(stream.leave_convoy(self) for stream, _ in self.subscriptions.values()))

    def _ask(self) -> None:
        number = beat_number()
        self.beat(number, encode(Beat(beat=number, heads=self.heads())))

    def _drop(self) -> None:
        if not self.closed:
            self.closed = True
            self._hang_up()

    def _maybe_room(self) -> None:
        if self._room is not None and not self._room.done() and self.has_room:
            self._room.set_result(None)
