"""The short way to readers who are up to date: they share one place in the topic, and an event is handed to hundreds by one call."""

import asyncio
from typing import Any, NamedTuple

from realtime.lane import Lane
from realtime.outbox import Express
from realtime.protocol import Frame

BREATH = 256  # readers served before other work of the loop gets its turn
_NEVER = 1 << 62  # bytes; more than any convoy carries


class Place(NamedTuple):
    """The number of the event that was carried last, and the bytes each member was sent since the convoy set out."""

    position: int
    flown: int


class Convoy:
    """Readers of one topic and dialect who have everything so far, and whose sockets are clear.

    After each write the kernel has left the caches cold, so what is done and touched for a reader decides what a delivery costs:
    here that is its socket alone. Whatever else is to be sent to a member, by us or by the server, takes it out first,
    and what it was sent meanwhile is reckoned then.
    """

    __slots__ = ("_ahead", "_behind", "_due", "_joined", "_lanes", "_passed", "_under_way")

    def __init__(self) -> None:
        self._lanes: dict[Any, Lane] = {}  # by socket
        # While an event is carried, members up to the order `_passed` stand at `_ahead`, those after it at `_behind`.
        self._behind = self._ahead = Place(0, 0)
        self._passed = 0
        self._joined = 0
        self._due = _NEVER
        self._under_way = False

    def __len__(self) -> int:
        return len(self._lanes)

    def join(self, lane: Lane, express: Express, *, left: int) -> bool:
        """Take a lane in until `left` more bytes went out to it; False if it stands elsewhere or an event is on its way.

        Its socket has to be clear.
        """
        if self._under_way:
            return False
        if not self._lanes:
            self._behind = self._ahead = Place(lane.position, 0)
            self._due = _NEVER
        elif not self._behind.position == self._ahead.position == lane.position:
            return False
        self._joined += 1
        lane.express, lane.order = express, self._joined
        lane.since, lane.due = self._ahead.flown, self._ahead.flown + left
        self._due = min(self._due, lane.due)
        self._lanes[express.socket] = lane
        return True

    def leave(self, lane: Lane) -> int:
        """Let a member stand by itself again, where it is; returns the bytes it was sent in the convoy. Does nothing for others."""
        if lane.express is None:
            return 0
        del self._lanes[lane.express.socket]
        lane.express = None
        place = self._ahead if lane.order <= self._passed else self._behind
        lane.position = place.position
        return place.flown - lane.since

    async def carry(self, frame: Frame, *, first: int, last: int) -> None:
        """Send the events first…last to every member. Who does not take them whole, or is due for something else, leaves."""
        if self._behind.position != first - 1:
            # The one before was not carried to the end: each stands where it got to, and reads the log.
            self._part(list(self._lanes.values()))
            return
        self._passed, self._ahead = 0, Place(last, self._behind.flown + frame.size)
        self._under_way = True
        try:
            sockets = list(self._lanes)
            for start in range(0, len(sockets), BREATH):
                some = sockets[start : start + BREATH]
                if start:
                    await asyncio.sleep(0)
                    some = [socket for socket in some if socket in self._lanes]
                if some:
                    self._hand_out(frame.wire, some)
        finally:
            self._under_way = False
        self._behind = self._ahead
        if self._ahead.flown >= self._due:
            self._part([lane for lane in self._lanes.values() if lane.due <= self._ahead.flown])
            self._due = min((lane.due for lane in self._lanes.values()), default=_NEVER)

    def _hand_out(self, wire: bytes, sockets: list[Any]) -> None:
        last = self._lanes[sockets[-1]]
        assert last.express is not None
        short = last.express.put_all(wire, sockets)
        self._passed = last.order
        for index, taken in short:
            lane = self._lanes[sockets[index]]
            if taken and lane.express is not None:
                lane.express.rest(wire[taken:])
            elif not taken:
                # It was passed over, and stays where it was.
                lane.order = self._joined + 1
            lane.part()

    def _part(self, lanes: list[Lane]) -> None:
        for lane in lanes:
            lane.part()
