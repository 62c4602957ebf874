"""T-40: ten thousand frames of nonsense; each ends with its own socket, and nobody beside it notices."""

import asyncio
import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from realtime.protocol import CloseCode
from tests.faults.live import interview, of_share, traceback_lines
from tests.faults.nonsense import Nonsense
from tests.faults.readers import Crowd
from tests.operations.servers import wire

pytestmark = pytest.mark.fault("T-40")

PIECES = 10_000
AT_ONCE = 20
PROBE_REF = 4711
PROBE = json.dumps({"op": "leave", "ref": PROBE_REF, "topic": "stage:none"}).encode()
OPS = {"ok", "error", "events", "pulse", "beat", "reset", "bye"}
ERRORS = {"bad_frame", "unknown_op", "too_large", "too_fast", "no_topic"}
CODES = {1000, 1002, 1003, 1007, 1008, 1009, CloseCode.BAD_FRAMES, CloseCode.TOO_LARGE, CloseCode.TOO_FAST}


@dataclass
class Found:
    """What came back, over all visits."""

    visits: int = 0
    pieces: int = 0
    frames: int = 0
    answered: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

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
    found.kinds.update(piece.kind for piece in pieces)
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


async def talk_nonsense(port: int, chance: random.Random, found: Found, *, pieces: int) -> None:
    """Visit from all sides until so many pieces have been sent altogether."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while found.pieces < pieces:
            seeds = [random.Random(chance.random()) for _ in range(AT_ONCE)]
            await asyncio.gather(*(loop.run_in_executor(threads, visit, port, seed, found) for seed in seeds))


@pytest.mark.parametrize("web", ["daphne", "uvicorn"])
async def test_nonsense_ends_with_its_own_socket(*, tmp_path, chance, verdict, web):
    found = Found()
    async with interview(tmp_path, chance, database="", redis="", webs=1, web=web) as (server, author):
        [port] = server.ports
        pid, before = server.web.pid, len(server.log.read_text().splitlines())
        # At first nobody else is there: the engine comes and goes with each visit.
        await talk_nonsense(port, chance, found, pieces=PIECES // 10)
        async with Crowd([port], author.topic, count=of_share(20), seed=chance.random()) as crowd:
            await crowd.come()
            writing = asyncio.create_task(author.write_for(3600, per_second=5))
            await talk_nonsense(port, chance, found, pieces=PIECES)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await author.write()
            took = await crowd.reach(author.number)
            cut = sum(crowd.closes.values())
        lines = server.log.read_text().splitlines()[before:]
        alive = server.web.poll() is None and server.web.pid == pid
        faults = traceback_lines(server.log)
    print(*found.examples, *faults[:3], *lines[:3], sep="\n")
    verdict(
        promise=f"nonsense ends with its own socket ({web})",
        runs=found.visits,
        events=found.pieces,
        violations={
            **crowd.lost(author),
            **found.wrong,
            "cut readers": cut,
            "tracebacks": len(faults),
            "log lines beyond one a close": max(0, len(lines) - found.visits),
            "dead": int(not alive),
        },
        kinds=len(found.kinds),
        frames=found.frames,
        answered_still=found.answered,
        codes=str(dict(sorted(found.codes.items()))),
        log_lines=len(lines),
        read_beside_it=crowd.delivered,
        p99_ms=crowd.latency(0.99),
        seconds_to_head=round(took, 1),
    )
