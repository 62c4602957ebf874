"""What no client of ours sends, by chance: JSON that is none, frames that are none, control frames as weapons, joins to nowhere."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from realtime.protocol import FRAME_LIMIT
from tests.operations.servers.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, encoded

FINE = {"op": "join", "ref": 1, "topic": "stage:none", "since": ["", 0]}
# Values where another type is expected, and the corners of JSON.
VALUES = (
    *("null", "true", "-0", "1e999", "-1", "1.5", "NaN", "-Infinity", str(2**63), str(2**64), "9" * 400, "9" * 5000, "1e-999", "01"),
    *('""', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\x41"', '"' + "长" * 200 + '"', '"' + "😀" * 4000 + '"', "'x'", '"unended'),
    *(
        "[]",
        "{}",
        "[[]]",
        '["",-1]',
        '["",9007199254740993]',
        '["other",0]',
        '["",1e3]',
        '["", 0, 0]',
        "[" * 5000,
        '{"a":' * 2500,
        "[0" + ",0" * 7000 + "]",
    ),
)
DEEP = 100_000


@dataclass(frozen=True)
class Piece:
    """Bytes for the wire. `fatal`: after them a server must close; `frames` is how many frames they are."""

    kind: str
    data: bytes
    fatal: bool = False
    frames: int = 1


def _text(kind: str, words: str | bytes) -> Piece:
    payload = words if isinstance(words, bytes) else words.encode()
    return Piece(kind, encoded(TEXT, payload), fatal=len(payload) > FRAME_LIMIT)


class Nonsense:
    """Makes visits: what one client sends on one socket."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._makers: list[Callable[[], Piece]] = [
            *(self._mutilated, self._bytes, self._deep, self._value, self._value, self._value, self._twice, self._fields, self._ops),
            *(self._joins, self._binary, self._empty, self._fragments, self._control, self._broken_control, self._broken_frame),
            *(self._surrogates, self._close, self._lie, self._overlong, self._flood),
        ]

    def visit(self) -> list[Piece]:
        """One to six pieces; none after one that ends the socket, now and then but one."""
        pieces: list[Piece] = []
        for _ in range(self._chance.randint(1, 6)):
            pieces.append(self._chance.choice(self._makers)())
            if pieces[-1].fatal and self._chance.random() < 0.9:
                break
        return pieces

    # ── Text that is no frame of ours ────────────────────────────────────────────────────────────────────────────────
    def _mutilated(self) -> Piece:
        words = bytearray(json.dumps(FINE).encode())
        for _ in range(self._chance.randint(1, 4)):
            at = self._chance.randrange(len(words))
            match self._chance.randrange(3):
                case 0:
                    del words[at]
                case 1:
                    words[at] = self._chance.randrange(128)
                case _:
                    words.insert(at, self._chance.choice(b'{}[]",:\\0\n'))
        return _text("mutilated", bytes(words))

    def _bytes(self) -> Piece:
        return Piece("random bytes as text", encoded(TEXT, b"\xff" + self._chance.randbytes(self._chance.randint(0, 300))), fatal=True)

    def _deep(self) -> Piece:
        depth = self._chance.choice([9, 100, 1000, 5000, 16_000, DEEP])
        opening = self._chance.choice(["[", '{"op":', '{"ref":['])
        return _text("deep", (opening * depth)[: max(depth, 20)] + "]" * self._chance.choice([0, min(depth, 300)]))

    def _value(self) -> Piece:
        fields = {name: json.dumps(value) for name, value in FINE.items()}
        fields[self._chance.choice(list(fields))] = self._chance.choice(VALUES)
        return _text("a wrong value", "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}")

    def _twice(self) -> Piece:
        name = self._chance.choice(list(FINE))
        return _text("a field twice", json.dumps(FINE)[:-1] + f',"{name}":{self._chance.choice(VALUES)}}}')

    def _fields(self) -> Piece:
        fields = {name: value for name, value in FINE.items() if self._chance.random() < 0.6}
        return _text("fields", json.dumps(fields | {self._chance.choice(["__class__", "type", "", "op ", "长"]): 1}))

    def _ops(self) -> Piece:
        op = self._chance.choice(
            ["JOIN", "websocket.close", "__init__", "", "ask", "still", "leave", "e" * 9000, "\u202e", None, 0, ["join"]]
        )
        return _text("an op", json.dumps({"op": op, "ref": self._chance.choice([1, -1, None, 2**53 + 1])}))

    def _joins(self) -> Piece:
        topic = self._chance.choice(
            ["stage:", "inbox:x", "receipt:" + "0" * 100, "nothing", "\0", "stage:../..", "desk:' OR 1=1", "长" * 161]
        )
        since = self._chance.choice([None, ["", 0], ["other", 7], ["", 2**53], ["", -1], ["e" * 17, 0]])
        return _text("a join to nowhere", json.dumps({"op": "join", "ref": 1, "topic": topic, "since": since}))

    def _surrogates(self) -> Piece:
        wrong = self._chance.choice(
            [b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe9\x95"]
        )
        return Piece("no UTF-8", encoded(TEXT, json.dumps(FINE).encode().replace(b"none", wrong)), fatal=True)

    def _flood(self) -> Piece:
        count = self._chance.choice([19, 25, 60])
        return Piece("a flood", encoded(TEXT, json.dumps(FINE).encode()) * count, frames=count)

    def _empty(self) -> Piece:
        return _text("empty", self._chance.choice(["", " ", "\n", "\ufeff", "{", "}"]))

    def _binary(self) -> Piece:
        return Piece("binary", encoded(BINARY, self._chance.choice([b"", b"\0", json.dumps(FINE).encode(), self._chance.randbytes(500)])))

    # ── Frames ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def _fragments(self) -> Piece:
        payload = json.dumps(FINE).encode()
        parts = [payload[at : at + 7] for at in range(0, len(payload), 7)] + [b""] * self._chance.randint(1, 30)
        frames = [encoded(CONT if index else TEXT, part, fin=False) for index, part in enumerate(parts)]
        # Control frames may stand between.
        frames.insert(self._chance.randint(1, len(frames)), encoded(PING, b"between"))
        return Piece("fragments", b"".join(frames) + encoded(CONT), frames=len(frames) + 1)

    def _control(self) -> Piece:
        count = self._chance.choice([1, 2, 50, 200])
        opcode = self._chance.choice([PING, PONG])
        return Piece("pings and pongs", encoded(opcode, self._chance.randbytes(self._chance.choice([0, 125]))) * count, frames=count)

    def _broken_control(self) -> Piece:
        opcode = self._chance.choice([PING, PONG, CLOSE])
        frames = [encoded(opcode, b"\x03\xe8" + b"x" * 124), encoded(opcode, fin=False), encoded(opcode, rsv=self._chance.randint(1, 7))]
        return Piece("a control frame that is none", self._chance.choice(frames), fatal=True)

    def _broken_frame(self) -> Piece:
        payload = json.dumps(FINE).encode()
        frames = [
            encoded(TEXT, payload, masked=False),
            encoded(self._chance.choice([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload),
            encoded(TEXT, payload, rsv=self._chance.randint(1, 7)),
            encoded(CONT, payload),
            encoded(TEXT, payload, fin=False) + encoded(TEXT, payload),
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"\xff" * 20,
        ]
        return Piece("a frame that is none", self._chance.choice(frames), fatal=True)

    def _close(self) -> Piece:
        code = self._chance.choice([0, 1, 999, 1000, 1004, 1005, 1006, 1015, 1016, 2999, 3000, 4999, 5000, 65_535])
        reason = self._chance.choice([b"", b"why", b"\xff\xfe", b"x" * 123])
        after = self._chance.choice([b"", encoded(TEXT, json.dumps(FINE).encode()), encoded(CLOSE, b"\x03\xe8"), encoded(PING)])
        return Piece(
            "a close", self._chance.choice([encoded(CLOSE, code.to_bytes(2, "big") + reason), encoded(CLOSE, b"\x03")]) + after, fatal=True
        )

    def _lie(self) -> Piece:
        length = self._chance.choice([FRAME_LIMIT + 1, 1 << 20, 1 << 31, 1 << 62, 1 << 63, (1 << 64) - 1])
        return Piece("a length that is none", encoded(self._chance.choice([TEXT, BINARY]), b"x" * 10, length=length), fatal=True)

    def _overlong(self) -> Piece:
        return _text("too long", json.dumps(FINE | {"topic": "x" * self._chance.choice([FRAME_LIMIT, 3 * FRAME_LIMIT])}))
