"""Visits of those who talk nonsense, in a process of its own: what they cost must not hold up the clocks of those who sit beside them."""

import json
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import msgspec

from realtime.protocol import CloseCode
from tests.faults.apart import told_by
from tests.faults.nonsense import Nonsense
from tests.operations.servers import wire

AT_ONCE = 20
PROBE_REF = 4711
PROBE = json.dumps({"op": "leave", "ref": PROBE_REF, "topic": "stage:none"}).encode()
OPS = {"ok", "error", "events", "pulse", "beat", "reset", "bye"}
ERRORS = {"bad_frame", "unknown_op", "too_large", "too_fast", "no_topic"}
CODES = {1000, 1002, 1003, 1007, 1008, 1009, CloseCode.BAD_FRAMES, CloseCode.TOO_LARGE, CloseCode.TOO_FAST}


class Found(msgspec.Struct):
    """What came back, over all visits; the counts are Counters while they grow."""

    visits: int = 0
    pieces: int = 0
    frames: int = 0
    answered: int = 0
    kinds: dict[str, int] = msgspec.field(default_factory=Counter)
    codes: dict[int, int] = msgspec.field(default_factory=Counter)
    wrong: dict[str, int] = msgspec.field(default_factory=Counter)
    examples: list[str] = msgspec.field(default_factory=list)

    def note(self, what: str, *seen: object) -> None:
        """Count something that must not be."""
        self.wrong[what] += 1
        if len(self.examples) < 10:
            self.examples.append(f"{what}: {' '.join(map(str, seen))[:600]}")


def visit(port: int, chance: random.Random, found: Found) -> None:
    """Open a socket, send nonsense, and hear the server out: what it must close it closes, on the rest it still answers."""
    pieces = Nonsense(chance).visit()
    fatal = any(piece.fatal for piece in pieces)
    found.visits += 1
    found.pieces += len(pieces)
    found.frames += sum(piece.frames for piece in pieces)
    for piece in pieces:
        found.kinds[piece.kind] += 1
    with wire.Line(port) as line:
        head = line.upgrade("/ws/")
        if not head.startswith(b"HTTP/1.1 101 "):
            found.note("refused handshakes", head)
            return
        nonsense = b"".join(piece.data for piece in pieces)
        if not fatal and chance.random() < 0.1:
            # Gone without a word, in the middle of a frame.
            line.send(nonsense + wire.encoded(wire.TEXT, b"half", length=100))
            return
        try:
            line.send(nonsense + (b"" if fatal else wire.encoded(wire.TEXT, PROBE)))
            while True:
                frame = line.frame()
                hear(frame, found)
                if frame.opcode == wire.CLOSE:
                    line.send(wire.encoded(wire.CLOSE, frame.payload[:2]))
                elif frame.opcode == wire.TEXT and json.loads(frame.payload).get("ref") == PROBE_REF:
                    found.answered += 1
                    line.send(wire.encoded(wire.CLOSE, b"\x03\xe8"))
        except (EOFError, ConnectionError):
            return
        except TimeoutError:
            found.note("sockets left open", pieces)


def hear(frame: wire.Frame, found: Found) -> None:
    """Judge one frame of the server's."""
    if not frame.fin or frame.rsv or frame.masked:
        found.note("broken frames", frame)
    elif frame.opcode == wire.CLOSE:
        found.codes[frame.code or 1005] += 1
        # A client's own code is echoed, and it may be any that is allowed.
        if frame.code not in CODES | {None} and frame.code not in range(3000, 5000):
            found.note("close codes", frame)
    elif frame.opcode == wire.TEXT:
        said = json.loads(frame.payload)
        if said["op"] not in OPS or said.get("code", "bad_frame") not in ERRORS:
            found.note("answers", said)
    elif frame.opcode != wire.PONG:
        found.note("broken frames", frame)


def visit_all(port: int, chance: random.Random, found: Found, *, pieces: int) -> None:
    """Visit from all sides until so many pieces have been sent altogether."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while found.pieces < pieces:
            seeds = [random.Random(chance.random()) for _ in range(AT_ONCE)]
            list(threads.map(lambda seed: visit(port, seed, found), seeds))


async def talk_nonsense(port: int, *, seed: float, pieces: int) -> Found:
    """Visit in a process of its own until so many pieces have been sent; what came back."""
    told = await told_by("tests.faults.visits", str(port), str(seed), str(pieces))
    return msgspec.json.decode(told, type=Found)


def main(port: int, seed: str, pieces: int) -> None:
    found = Found()
    visit_all(port, random.Random(seed), found, pieces=pieces)
    print(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
