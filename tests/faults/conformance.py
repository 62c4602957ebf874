"""A demand of a protocol as bytes on the wire and the frames that must come back; `perform()` puts it to a server and tells what came of it."""

from contextlib import suppress
from dataclasses import dataclass, field

from tests.operations.servers import wire
from tests.operations.servers.wire import CLOSE, Frame, encoded

# How long a server may take to notice what a frame that is not complete yet holds; the RFC lets it wait for the rest.
NOTICE_SECONDS = 1.0


@dataclass(frozen=True)
class Step:
    """What is sent, and what must come back before anything else is sent."""

    sent: bytes
    back: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Case:
    """One demand. `code` is how the server must close: one of these, None being a close without a code; if there is none, it must stay.

    `late` frames may come before such a close or not. `rest` is what completes a frame that could have been refused before it was
    complete. `pace` bytes are sent at once, 0 standing for all.
    """

    section: str
    title: str
    steps: tuple[Step, ...]
    code: frozenset[int | None] = frozenset()
    late: tuple[Frame, ...] = ()
    rest: bytes = b""
    pace: int = 0
    name: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.section} {self.title}{f', {self.pace} bytes at a time' if self.pace else ''}")


def perform(port: int, case: Case) -> str:
    """Put a case to a server; returns "" if all was as demanded, "lenient" if it was as allowed, or what was wrong."""
    with wire.connected(port) as line:
        try:
            return _judge(line, case)
        except (EOFError, ConnectionError) as error:
            return f"the line ended too early ({error!r})"
        except TimeoutError:
            return "nothing came"


def _judge(line: wire.Line, case: Case) -> str:
    for step in case.steps:
        pace = case.pace or len(step.sent) or 1
        # A server may have closed before it has everything.
        with suppress(ConnectionError):
            for at in range(0, len(step.sent), pace):
                line.send(step.sent[at : at + pace])
        for expected in step.back:
            if (frame := line.frame()) != expected:
                return f"expected {_short(expected)}, got {_short(frame)}"
    if not case.code:
        line.send(encoded(CLOSE, b"\x03\xe8bye"))
        got = line.frames()
        return "" if [(frame.opcode, frame.code) for frame in got] == [(CLOSE, 1000)] else f"expected its close, got {_all(got)}"
    lenient = False
    if case.rest:
        line.socket.settimeout(NOTICE_SECONDS)
        try:
            first = [line.frame()]
        except TimeoutError:
            first, lenient = [], True
            line.send(case.rest)
        line.socket.settimeout(20)
    else:
        first = []
    got = _until_end(line, first)
    if not got or got[-1].opcode != CLOSE or got[-1].code not in case.code:
        return f"expected a close with {set(case.code)}, got {_all(got)}"
    if tuple(got[:-1]) != case.late[: len(got) - 1]:
        return f"expected {_all(list(case.late))} and a close, got {_all(got)}"
    return "lenient" if lenient or len(got) - 1 < len(case.late) else ""


def _until_end(line: wire.Line, got: list[Frame]) -> list[Frame]:
    """All frames until the connection ends, the server's close being answered."""
    try:
        while True:
            if got and got[-1].opcode == CLOSE:
                line.send(encoded(CLOSE, got[-1].payload[:2]))
            got.append(line.frame())
    except (EOFError, ConnectionError):
        return got


def _all(frames: list[Frame]) -> str:
    return " ".join(map(_short, frames)) or "nothing"


def _short(frame: Frame) -> str:
    return f"<{frame.opcode}{'' if frame.fin else ' unfinished'} {frame.payload[:30]!r} of {len(frame.payload)}>"
