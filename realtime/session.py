"""One client's conversation as a state machine: frames and answers in, effects out, no sockets and no clocks."""

from dataclasses import dataclass

from msgspec import Struct

from realtime.allowance import Allowance
from realtime.protocol import FRAME_LIMIT, BadFrame, CloseCode, Failure, Join, Leave, Ok, Outgoing, Still, Wire
from realtime.topics import TOPICS_LIMIT, Access, TopicTable

STRIKES = 3  # bad frames until the socket is closed


@dataclass(frozen=True)
class Say:
    """Send this frame."""

    frame: Outgoing


@dataclass(frozen=True)
class Ask:
    """Find out whether the client may read this topic, then tell `answered`."""

    ref: int
    topic: str
    since: tuple[str, int] | None


@dataclass(frozen=True)
class Listen:
    """Join the client to this topic; it may read it."""

    ref: int
    topic: str
    since: tuple[str, int] | None


@dataclass(frozen=True)
class Unlisten:
    """The client wants no more of this topic."""

    topic: str


@dataclass(frozen=True)
class Run:
    """Run the command this frame carries and say what came of it."""

    ref: int
    frame: Struct


@dataclass(frozen=True)
class Confirm:
    """The client has read everything before this beat."""

    beat: int


@dataclass(frozen=True)
class Close:
    """Close the socket; nothing more is to be said."""

    code: int


Effect = Say | Ask | Listen | Unlisten | Run | Confirm | Close


class Session:
    """What one socket has joined, how often it spoke and how often it spoke nonsense."""

    def __init__(self, wire: Wire, topics: TopicTable, now: float) -> None:
        self._wire = wire
        self._topics = topics
        self._allowance = Allowance(since=now)
        self._warned = False
        self._strikes = 0
        self._closed = False
        self.joined: dict[str, Access] = {}

    def received(self, text: str | None, now: float) -> list[Effect]:
        """What to do about a message; None stands for a binary one."""
        if self._closed:
            return []
        if text is not None and (len(text) > FRAME_LIMIT or len(text.encode(errors="replace")) > FRAME_LIMIT):
            return self._close(CloseCode.TOO_LARGE, "too_large", f"消息过长，最多{FRAME_LIMIT}字节。")
        if not self._allowance.take(now):
            return self._too_fast(self._wire.ref_of(text or ""))
        self._warned = self._warned and not self._allowance.untouched
        if text is None:
            return self._strike(BadFrame("bad_frame", "只接受文本消息。"))
        try:
            frame = self._wire.parse(text)
        except BadFrame as error:
            return self._strike(error)
        return self._understood(frame)

    def answered(self, ask: Ask, access: Access) -> list[Effect]:
        """What to do now that it is known what the client may do with a topic."""
        if self._closed:
            return []
        if access is Access.NONE:
            self.joined.pop(ask.topic, None)
            # A topic that was joined and may no longer be read is left, not kept from the first time.
            return [Unlisten(ask.topic), _no_topic(ask.ref)]
        self.joined[ask.topic] = access
        return [Listen(ask.ref, ask.topic, ask.since)]

    def rechecked(self, allowed: bool) -> list[Effect]:
        """What to do now that the topics of `to_recheck` were asked about again; `allowed` if all may still be read."""
        if allowed or self._closed:
            return []
        return self._close(CloseCode.NO_LONGER_ALLOWED, "no_longer_allowed", "您的登录或权限已变化，请刷新页面。")

    @property
    def to_recheck(self) -> list[str]:
        """The joined topics whose readers may lose the right to read."""
        return [topic for topic, access in self.joined.items() if access is Access.PERSONAL]

    def _understood(self, frame: Struct) -> list[Effect]:
        match frame:
            case Still(beat=None):
                return []
            case Still(beat=int(beat)):
                return [Confirm(beat)]
            case Join():
                return self._join(frame)
            case Leave(ref=ref, topic=topic):
                self.joined.pop(topic, None)
                return [Unlisten(topic), Say(Ok(ref))]
            case _:
                return [Run(frame.ref, frame)]  # type: ignore[attr-defined]  # Wire made sure of it

    def _join(self, frame: Join) -> list[Effect]:
        if self._topics.find(frame.topic) is None:
            return [_no_topic(frame.ref)]
        if len(self.joined) >= TOPICS_LIMIT and frame.topic not in self.joined:
            return [Say(Failure(frame.ref, "too_many_topics", f"一个连接最多订阅{TOPICS_LIMIT}个主题。"))]
        return [Ask(frame.ref, frame.topic, frame.since)]

    def _strike(self, error: BadFrame) -> list[Effect]:
        self._strikes += 1
        if self._strikes < STRIKES:
            return [Say(Failure(error.ref, error.code, str(error)))]
        return self._close(CloseCode.BAD_FRAMES, error.code, str(error), error.ref)

    def _too_fast(self, ref: int | None) -> list[Effect]:
        if self._warned:
            return self._close(CloseCode.TOO_FAST, "too_fast", "消息过于频繁，连接已关闭。请稍后再试。", ref)
        self._warned = True
        return [Say(Failure(ref, "too_fast", "消息过于频繁，这一条没有处理。请稍后再试。"))]

    def _close(self, code: int, error: str, detail: str, ref: int | None = None) -> list[Effect]:
        self._closed = True
        return [Say(Failure(ref, error, detail)), Close(code)]


def _no_topic(ref: int) -> Say:
    # One answer for unknown and forbidden, so that asking tells nothing about what exists.
    return Say(Failure(ref, "no_topic", "没有这个主题，或您无权查看。"))
