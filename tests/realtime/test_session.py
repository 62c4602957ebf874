"""The conversation, move by move."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from realtime.protocol import FRAME_LIMIT, Failure, Ok, Wire
from realtime.session import STRIKES, Ask, Close, Confirm, Effect, Listen, Run, Say, Session, Unlisten
from realtime.topics import TOPICS_LIMIT, Access, TopicPattern, TopicTable
from tests.realtime.conftest import Ask as AskFrame

STAGE = TopicPattern("stage", lambda _caller, _key: True, public=lambda _key: True)
DESK = TopicPattern("desk", lambda _caller, _key: True)


@pytest.fixture
def session() -> Session:
    return Session(Wire([AskFrame]), TopicTable([STAGE, DESK]), now=0.0)


def say(session: Session, now: float = 0.0, **frame: object) -> list[Effect]:
    return session.received(json.dumps(frame), now)


def join(session: Session, topic: str, now: float = 0.0) -> list[Effect]:
    [ask] = say(session, now, op="join", ref=1, topic=topic, since=["e", 3])
    assert isinstance(ask, Ask)
    return session.answered(ask, Access.PUBLIC if topic.startswith("stage") else Access.PERSONAL)


def codes(effects: list[Effect]) -> list[object]:
    """What is said and done, in short."""
    short: list[object] = []
    for effect in effects:
        match effect:
            case Say(Failure(code=code)):
                short.append(code)
            case Close(code):
                short.append(code)
            case _:
                short.append(type(effect))
    return short


def test_a_join_is_asked_about_and_then_done(session: Session) -> None:
    [ask] = say(session, op="join", ref=1, topic="stage:a", since=["e", 3])
    assert ask == Ask(1, "stage:a", ("e", 3))
    assert isinstance(ask, Ask)
    assert session.joined == {}
    assert session.answered(ask, Access.PUBLIC) == [Listen(1, "stage:a", ("e", 3))]
    assert session.joined == {"stage:a": Access.PUBLIC}


def test_forbidden_is_answered_like_unknown(session: Session) -> None:
    [ask] = say(session, op="join", ref=1, topic="desk:a")
    assert isinstance(ask, Ask)
    [_, forbidden] = session.answered(ask, Access.NONE)
    [unknown] = say(session, op="join", ref=1, topic="cellar:a")
    assert forbidden == unknown


def test_joining_again_when_it_is_forbidden_now_is_leaving(session: Session) -> None:
    join(session, "desk:a")
    [ask] = say(session, op="join", ref=2, topic="desk:a")
    assert isinstance(ask, Ask)
    assert session.answered(ask, Access.NONE)[0] == Unlisten("desk:a")
    assert session.joined == {}


def test_leaving_is_confirmed_even_of_what_was_not_joined(session: Session) -> None:
    join(session, "stage:a")
    assert say(session, op="leave", ref=2, topic="stage:a") == [Unlisten("stage:a"), Say(Ok(2))]
    assert say(session, op="leave", ref=3, topic="stage:a") == [Unlisten("stage:a"), Say(Ok(3))]


def test_a_command_is_run(session: Session) -> None:
    assert say(session, op="ask", ref=5, text="x") == [Run(5, AskFrame(5, "x"))]


def test_still_confirms_its_beat(session: Session) -> None:
    assert say(session, op="still", beat=9) == [Confirm(9)]
    assert say(session, op="still") == []


def test_topics_are_limited_and_joining_one_again_is_not_one_more(session: Session) -> None:
    for number in range(TOPICS_LIMIT):
        join(session, f"stage:{number}", now=float(number))
    assert codes(say(session, 100.0, op="join", ref=1, topic="stage:more")) == ["too_many_topics"]
    assert codes(say(session, 100.0, op="join", ref=1, topic="stage:0")) == [Ask]


def test_the_third_bad_frame_closes(session: Session) -> None:
    said = [codes(session.received(text, 0.0)) for text in ("{", None, "[]")]
    assert said == [["bad_frame"], ["bad_frame"], ["bad_frame", 4400]]
    assert STRIKES == 3


def test_nothing_is_done_after_closing(session: Session) -> None:
    [ask] = say(session, op="join", ref=1, topic="stage:a")
    session.received("x" * (FRAME_LIMIT + 1), 0.0)
    assert isinstance(ask, Ask)
    assert say(session, op="ask", ref=1, text="x") == session.answered(ask, Access.PUBLIC) == session.rechecked(allowed=False) == []


def test_the_limit_of_a_frame_is_in_bytes(session: Session) -> None:
    assert codes(session.received("字" * (FRAME_LIMIT // 3), 0.0)) == ["bad_frame"]
    assert codes(session.received("字" * (FRAME_LIMIT // 3 + 1), 0.0)) == ["too_large", 4413]


def test_haste_is_warned_of_once_and_then_closes(session: Session) -> None:
    said = [say(session, 0.0, op="ask", ref=number, text="x") for number in range(22)]
    assert [codes(effects) for effects in said] == [[Run]] * 20 + [["too_fast"], ["too_fast", 4429]]
    assert said[20] == [Say(Failure(20, "too_fast", "消息过于频繁，这一条没有处理。请稍后再试。"))]


def test_a_warning_is_forgotten_after_a_pause(session: Session) -> None:
    for start in (0.0, 60.0):
        assert [codes(say(session, start, op="ask", ref=1, text="x")) for _ in range(21)] == [[Run]] * 20 + [["too_fast"]]


def test_only_topics_that_can_be_lost_are_looked_at_again(session: Session) -> None:
    join(session, "stage:a")
    join(session, "desk:a")
    assert session.to_recheck == ["desk:a"]
    assert session.rechecked(allowed=True) == []
    assert codes(session.rechecked(allowed=False)) == ["no_longer_allowed", 4403]


@given(some.lists(some.tuples(some.floats(0, 2), some.sampled_from(["join", "leave", "still", "ask", "bad", "binary"]))))
def test_a_closed_conversation_stays_closed_and_an_open_one_answers(moves: list[tuple[float, str]]) -> None:
    session = Session(Wire([AskFrame]), TopicTable([STAGE]), now=0.0)
    now, closed = 0.0, False
    for pause, move in moves:
        now += pause
        if move in {"bad", "binary"}:
            effects = session.received("{" if move == "bad" else None, now)
        else:
            frame = {"op": move, "ref": 1, "topic": "stage:a", "text": "x"}
            wanted = {"join": ("op", "ref", "topic"), "leave": ("op", "ref", "topic"), "still": ("op",), "ask": ("op", "ref", "text")}[move]
            effects = say(session, now, **{name: frame[name] for name in wanted})
        assert not (closed and effects)
        assert closed or move == "still" or effects
        closed = closed or any(isinstance(effect, Close) for effect in effects)


ACCESSES = some.sampled_from(list(Access))


class Right(RuleBasedStateMachine):
    """Who may read what, told late, changed and looked at again: a conversation knows what it has joined, and no more than may be."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(Wire([AskFrame]), TopicTable([STAGE, DESK]), now=0.0)
        self.now, self.closed = 0.0, False
        self.right: dict[str, Access] = {}

    def says(self, **frame: object) -> list[Effect]:
        # Slow enough never to be too fast.
        self.now += 1.0
        return say(self.session, self.now, **frame)

    @rule(topic=some.sampled_from([f"{prefix}:{number}" for prefix in ("stage", "desk") for number in range(20)]), access=ACCESSES)
    def join(self, topic: str, access: Access) -> None:
        effects = self.says(op="join", ref=7, topic=topic, since=["e", 3])
        if self.closed:
            assert effects == []
        elif len(self.right) == TOPICS_LIMIT and topic not in self.right:
            assert codes(effects) == ["too_many_topics"]
        else:
            ask = Ask(7, topic, ("e", 3))
            assert effects == [ask]
            told = self.session.answered(ask, access)
            if access is Access.NONE:
                self.right.pop(topic, None)
                assert (told[0], codes(told[1:])) == (Unlisten(topic), ["no_topic"])
            else:
                self.right[topic] = access
                assert told == [Listen(7, topic, ("e", 3))]

    @rule(topic=some.sampled_from(["stage:0", "desk:0", "stage:19", "desk:19"]))
    def leave(self, topic: str) -> None:
        assert self.says(op="leave", ref=8, topic=topic) == ([] if self.closed else [Unlisten(topic), Say(Ok(8))])
        if not self.closed:
            self.right.pop(topic, None)

    @rule()
    def is_still_allowed(self) -> None:
        assert self.session.rechecked(allowed=True) == []

    @rule()
    @precondition(lambda self: self.session.to_recheck)
    def is_no_longer_allowed(self) -> None:
        assert codes(self.session.rechecked(allowed=False)) == ([] if self.closed else ["no_longer_allowed", 4403])
        self.closed = True

    @invariant()
    def knows_what_it_has_joined(self) -> None:
        assert self.session.joined == self.right
        assert self.session.to_recheck == [topic for topic, access in self.right.items() if access is Access.PERSONAL]


TestRight = Right.TestCase
TestRight.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
