"""What one socket is sent, and when it is not."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from realtime.lane import Lane
from realtime.outbox import Message
from realtime.protocol import CloseCode, Dialect, Frame, Reset
from realtime.reader import RECHECK_EVERY, Reader, beat_number
from realtime.stream import Stream
from realtime.window import DEADLINE, LIMIT


class Socket:
    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.rechecks = 0
        self.hung_up = 0
        self.gone = False
        self.reader = Reader(self.send, Dialect.HTML, recheck=self.recheck, hang_up=self.hang_up)

    async def send(self, message: Message) -> None:
        if self.gone:
            raise ConnectionError
        self.sent.append(message)

    def recheck(self) -> None:
        self.rechecks += 1

    def hang_up(self) -> None:
        self.hung_up += 1

    def frames(self) -> list[dict]:
        return [json.loads(message["text"]) for message in self.sent if message["type"] == "websocket.send"]


@pytest.fixture
async def socket() -> Socket:
    return Socket()


async def read_nothing(_work: Callable[[], Any]) -> None:
    raise AssertionError("nobody reads here")


def big(size: int) -> Frame:
    """Exactly so many bytes."""
    return Frame(json.dumps({"op": "events", "x": "x" * (size - 25)}).encode())


async def test_half_a_window_is_followed_by_a_beat_whose_answer_makes_room(socket: Socket) -> None:
    socket.reader.push(big(LIMIT // 2))
    socket.reader.push(big(LIMIT // 2))
    first, second = [frame["beat"] for frame in socket.frames() if frame["op"] == "beat"]
    room = []
    for beat in (first + 1, first, second):
        socket.reader.confirmed(beat)
        room.append(socket.reader.has_room)
    assert room == [False, True, True]
    await socket.reader.room()


async def test_who_does_not_answer_is_closed_after_the_deadline(socket: Socket) -> None:
    socket.reader.beat(beat_number(), big(10))
    socket.reader.look_after(0.0)
    assert len(socket.sent) == 1
    socket.reader.look_after(DEADLINE + 1e9)
    assert socket.sent[1:] == [{"type": "websocket.close", "code": CloseCode.NOT_READING}]


async def test_who_waits_for_a_command_is_not_blamed_for_answers_nobody_reads(socket: Socket) -> None:
    start = time.monotonic()
    socket.reader.beat(beat_number(), big(10))
    with socket.reader.lifetime:
        for seconds in range(0, 300, 5):
            socket.reader.look_after(start + seconds)
    socket.reader.subscriptions["stage:one"] = Stream("stage:one", read_nothing), Lane(0, Dialect.HTML, part=socket.reader.close_lanes)
    socket.reader.look_after(start + 295 + DEADLINE)
    assert not socket.reader.closed
    socket.reader.look_after(start + 296 + DEADLINE)
    assert socket.sent[1:] == [{"type": "websocket.close", "code": CloseCode.NOT_READING}]


async def test_nothing_is_sent_after_closing(socket: Socket) -> None:
    socket.reader.close(CloseCode.RESTART)
    socket.reader.close(CloseCode.RESTART)
    socket.reader.say(Reset("stage:one"))
    socket.reader.beat(1, big(10))
    assert socket.sent == [{"type": "websocket.close", "code": 4503}]
    assert socket.hung_up == 0


async def test_a_socket_that_is_gone_is_hung_up_once(socket: Socket) -> None:
    socket.gone = True
    socket.reader.say(Reset("stage:one"))
    socket.reader.say(Reset("stage:one"))
    assert (socket.hung_up, socket.reader.closed) == (1, True)


async def test_rights_are_looked_at_again_from_time_to_time(socket: Socket) -> None:
    socket.reader.subscriptions["stage:one"] = Stream("stage:one", read_nothing), Lane(0, Dialect.HTML, part=socket.reader.close_lanes)
    start = time.monotonic()
    for seconds in (0.0, RECHECK_EVERY + 1, RECHECK_EVERY + 2, 2 * RECHECK_EVERY + 2):
        socket.reader.look_after(start + seconds)
    assert socket.rechecks == 2


def test_beats_cannot_be_guessed_and_fit_into_javascript() -> None:
    beats = {beat_number() for _ in range(1000)}
    assert len(beats) == 1000
    assert max(beats) < 2**53
