"""What every reader gets by the clock: beats, pulses, and a look whether it still reads and still may."""

import asyncio
import time
from dataclasses import dataclass

from realtime.convoy import BREATH
from realtime.delivery import Delivery
from realtime.doorbell import doorbell, origin
from realtime.hints import Hint
from realtime.protocol import Beat, Frame, Pulse, encode
from realtime.pulse import Board
from realtime.reader import Reader, beat_number

LOOKS = 5  # looks at each reader from one of its beats to the next


@dataclass(frozen=True)
class Pace:
    """`poll`: seconds between two looks at the heads of the topics somebody listens to, the longest a lost bell can
    delay an event. `tick`: seconds between two rounds; each reader gets a beat in every `beat`-th one, and readers are
    counted in every `count`-th.
    """

    poll: float = 1.5
    tick: float = 1.0
    beat: int = 15
    count: int = 5


class Rounds:
    """Goes round the readers of this process, a share of them in each tick, so that nothing comes in waves."""

    def __init__(self, pace: Pace, delivery: Delivery) -> None:
        self._pace = pace
        self._delivery = delivery
        self._slots: list[set[Reader]] = [set() for _ in range(pace.beat)]
        self._added = 0
        self._ticks = 0
        self._reported: set[str] = set()
        self.board = Board()

    @property
    def readers(self) -> list[Reader]:
        """Every reader of this process."""
        return [reader for slot in self._slots for reader in slot]

    @property
    def anybody(self) -> bool:
        """Whether there is a reader."""
        return any(self._slots)

    def add(self, reader: Reader) -> None:
        """A reader came."""
        self._added += 1
        reader.slot = self._added % len(self._slots)
        self._slots[reader.slot].add(reader)

    def remove(self, reader: Reader) -> None:
        """A reader went."""
        self._slots[reader.slot].discard(reader)

    async def run(self) -> None:
        """For ever: a tick, and another."""
        while True:
            await asyncio.sleep(self._pace.tick)
            self._ticks += 1
            self._beat()
            self._look()
            if self._ticks % self._pace.count == 0:
                self._count()
            await self._pulse()

    def heard(self, teller: str, hint: Hint) -> None:
        """Take what this or another process tells about topics somebody here reads."""
        now = time.monotonic()
        for (topic, fact), (value, seconds) in hint.passages.items():
            if topic in self._delivery.streams:
                self.board.tell(topic, fact, value, seconds=seconds, now=now)
        self.board.count(teller, {topic: n for topic, n in hint.readers.items() if topic in self._delivery.streams}, now=now)

    def _beat(self) -> None:
        number = beat_number()
        frames: dict[tuple[str, ...], Frame] = {}
        for reader in list(self._slots[self._ticks % len(self._slots)]):
            if reader.closed or reader.window.waiting:
                # It has one to answer already.
                continue
            topics = tuple(reader.subscriptions)
            if topics not in frames:
                frames[topics] = encode(Beat(beat=number, heads=reader.heads()))
            reader.beat(number, frames[topics])
            reader.open_lanes()

    def _look(self) -> None:
        now = time.monotonic()
        step = max(1, len(self._slots) // LOOKS)
        for slot in self._slots[self._ticks % step :: step]:
            for reader in list(slot):
                reader.look_after(now)

    def _count(self) -> None:
        counts = {topic: len(stream.subscriptions) for topic, stream in self._delivery.streams.items()}
        for topic in self._reported - set(counts):
            counts[topic] = 0
        self.board.keep_only(self._delivery.streams)
        self._reported = set(self._delivery.streams)
        now = time.monotonic()
        self.board.count(origin(), {topic: counts[topic] for topic in self._reported}, now=now)
        self.board.sum_up(self._reported, now=now)
        doorbell.tell_others(Hint(readers=counts))

    async def _pulse(self) -> None:
        for topic, facts in self.board.due(time.monotonic()).items():
            stream = self._delivery.streams.get(topic)
            if stream is None:
                continue
            frame = encode(Pulse(topic, facts))
            for count, reader in enumerate(list(stream.subscriptions), start=1):
                if reader.has_room:
                    reader.push(frame)
                    reader.open_lanes()
                if count % BREATH == 0:
                    await asyncio.sleep(0)
