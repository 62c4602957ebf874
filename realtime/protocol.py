"""The wire: one struct per frame, parse and encode; docs/protocol.md explains each of them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any, Union

import msgspec
from msgspec import Meta, Raw, Struct

FRAME_LIMIT = 16 * 1024  # bytes of one frame from a client
PIECE_LIMIT = 64 * 1024  # bytes of events in one frame to a client, unless one event alone is larger


class Dialect(StrEnum):
    """What a client gets of an event: pages apply its html, programs read its data. Named as WebSocket subprotocols."""

    HTML = "fangtan.html.v1"
    DATA = "fangtan.data.v1"


class CloseCode:
    """Why the engine closes a socket: 4000 and what HTTP says in such a case.

    Not 1009 and 1012, which would say the same: daphne refuses to send them.
    """

    BAD_FRAMES = 4400
    NO_LONGER_ALLOWED = 4403
    NO_DIALECT = 4406
    NOT_READING = 4408
    TOO_LARGE = 4413
    TOO_FAST = 4429
    RESTART = 4503


Number = Annotated[int, Meta(ge=0, le=2**53)]  # what JavaScript can count to
Name = Annotated[str, Meta(max_length=160)]
Since = tuple[Annotated[str, Meta(max_length=16)], Number]


class Incoming(Struct, tag_field="op", forbid_unknown_fields=True):
    """What a client sends."""


class Join(Incoming, tag="join"):
    """Listen to a topic: everything after `since`, or from now on if it is absent."""

    ref: Number
    topic: Name
    since: Since | None = None


class Leave(Incoming, tag="leave"):
    """Listen to a topic no longer."""

    ref: Number
    topic: Name


class Still(Incoming, tag="still"):
    """The answer to a beat: everything sent before it has been read."""

    beat: Number | None = None


class Outgoing(Struct, tag_field="op"):
    """What the engine sends."""


class Events(Outgoing, tag="events"):
    """A run of events in their order, each `[number, kind, data, html]`, in the data dialect `[number, kind, data]`."""

    topic: str
    epoch: str
    events: list[Raw]
    head: int


class Ok(Outgoing, tag="ok"):
    """A command was done. Its own fields stand beside these: see encode_ok."""

    ref: int


class Failure(Outgoing, tag="error"):
    """A frame was not accepted or a command not done."""

    ref: int | None
    code: str
    detail: str
    fields: dict[str, list[str]] | None = None


class Pulse(Outgoing, tag="pulse"):
    """What passes on a topic; null when it has passed."""

    topic: str
    facts: dict[str, Any]


class Beat(Outgoing, tag="beat"):
    """A sign of life with the epoch and head of every topic joined."""

    beat: int
    heads: dict[str, tuple[str, int]]


class Reset(Outgoing, tag="reset"):
    """The past of a topic cannot be joined to what the client has: load the page again."""

    topic: str


class Bye(Outgoing, tag="bye"):
    """The server goes; come back after this many seconds."""

    after: float


class Frame:
    """One encoded frame, the same for however many get it.

    `wire` is how it stands on a WebSocket (RFC 6455 5.2: final, text, not masked), `text` what a server is given that
    makes the wire itself; `size` is the text in bytes.
    """

    __slots__ = ("_text", "size", "wire")

    def __init__(self, payload: bytes) -> None:
        self.size = len(payload)
        self.wire = _header(self.size) + payload
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self.wire[len(self.wire) - self.size :].decode()
        return self._text


def _header(size: int) -> bytes:
    if size < 126:
        return bytes((0x81, size))
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2)
    return b"\x81\x7f" + size.to_bytes(8)


class BadFrame(ValueError):
    """A frame that is none of ours; `ref` is told if it could be made out."""

    def __init__(self, code: str, detail: str, ref: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.ref = ref


class _Envelope(Struct):
    op: str
    ref: Number | None = None


_encode = msgspec.json.Encoder().encode
_open = msgspec.json.Decoder(_Envelope).decode


def encode(message: Outgoing | dict[str, Any]) -> Frame:
    """One frame as it goes out."""
    return Frame(_encode(message))


def encode_ok(ref: int, answer: dict[str, Any]) -> Frame:
    """The answer to a command, its own fields beside `op` and `ref`. Raises TypeError for what JSON cannot hold."""
    return encode({"op": "ok", "ref": ref, **answer})


def encode_event(number: int, kind: str, data: dict[str, Any], html: str, *, dialect: Dialect) -> Raw:
    """One event as it stands in `events`, so that it is encoded once however many readers get it."""
    return Raw(_encode((number, kind, data, html) if dialect is Dialect.HTML else (number, kind, data)))


def choose_dialect(offered: Sequence[str]) -> Dialect | None:
    """The first dialect of ours among the subprotocols a client offers; HTML if it offers none, None if none is ours."""
    if not offered:
        return Dialect.HTML
    return next((Dialect(name) for name in offered if name in set(Dialect)), None)


class Wire:
    """The frames this installation understands: the engine's own and those of its commands."""

    def __init__(self, commands: Iterable[type[Struct]] = ()) -> None:
        frames: tuple[type[Struct], ...] = (Join, Leave, Still, *commands)
        for frame in frames:
            config, answered = frame.__struct_config__, frame is Still or "ref" in frame.__struct_fields__
            if config.tag_field != "op" or not config.forbid_unknown_fields or not answered:
                raise TypeError(f"expected {frame.__name__} with tag_field='op', forbid_unknown_fields=True and a field ref: int")
        self.ops = {str(frame.__struct_config__.tag) for frame in frames}
        self._decode = msgspec.json.Decoder(Union[frames]).decode  # noqa: UP007  a union made of a tuple

    def parse(self, text: str) -> Struct:
        """The frame in a text message. Raises BadFrame, whatever comes."""
        try:
            frame: Struct = self._decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
            raise self._explain(text, error) from None
        return frame

    def ref_of(self, text: str) -> int | None:
        """The ref of a frame that is not going to be looked at any closer."""
        envelope = self._open(text)
        return envelope.ref if envelope else None

    def _explain(self, text: str, error: Exception) -> BadFrame:
        envelope = self._open(text)
        if envelope and envelope.op not in self.ops:
            return BadFrame("unknown_op", "没有这种消息。请刷新页面后重试。", envelope.ref)
        return BadFrame("bad_frame", f"消息不符合约定：{error}", envelope.ref if envelope else None)

    @staticmethod
    def _open(text: str) -> _Envelope | None:
        try:
            return _open(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return None
