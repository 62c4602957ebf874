"""Facts hold for a while, and only what changed is told."""

from realtime.pulse import BELIEVED, Board

TOPIC = "stage:one"


def test_a_fact_is_told_once_and_null_when_it_has_passed() -> None:
    board = Board()
    board.tell(TOPIC, "answering", "王建国", seconds=5, now=0.0)
    assert board.due(1.0) == {TOPIC: {"answering": "王建国"}}
    assert board.due(4.9) == {}
    assert board.due(5.0) == {TOPIC: {"answering": None}}
    assert board.due(6.0) == {}
    assert board.facts(TOPIC) == {}


def test_a_renewed_fact_is_not_told_again_and_lives_on() -> None:
    board = Board()
    board.tell(TOPIC, "answering", "王建国", seconds=5, now=0.0)
    board.due(1.0)
    board.tell(TOPIC, "answering", "王建国", seconds=5, now=4.0)
    assert board.due(8.9) == {}
    assert board.due(9.0) == {TOPIC: {"answering": None}}


def test_what_changes_several_times_is_told_as_it_is_last() -> None:
    board = Board()
    for value in ("甲", "乙", "丙"):
        board.tell(TOPIC, "answering", value, seconds=5, now=0.0)
    board.tell(TOPIC, "drawing", 1, seconds=5, now=0.0)
    assert board.due(0.1) == {TOPIC: {"answering": "丙", "drawing": 1}}


def test_who_comes_late_is_told_what_holds() -> None:
    board = Board()
    board.tell(TOPIC, "answering", "王建国", seconds=5, now=0.0)
    board.due(0.1)
    assert board.facts(TOPIC) == {"answering": "王建国"}
    assert board.facts("stage:two") == {}


def test_readers_are_summed_over_the_processes() -> None:
    board = Board()
    board.count("a", {TOPIC: 3}, now=0.0)
    board.count("b", {TOPIC: 4}, now=0.0)
    board.count("a", {TOPIC: 5}, now=1.0)
    board.sum_up([TOPIC], now=1.0)
    assert board.due(1.0) == {TOPIC: {"readers": 9}}


def test_a_process_that_fell_silent_is_no_longer_counted() -> None:
    board = Board()
    board.count("a", {TOPIC: 3}, now=0.0)
    board.count("b", {TOPIC: 4}, now=BELIEVED)
    board.sum_up([TOPIC], now=BELIEVED)
    assert board.due(BELIEVED) == {TOPIC: {"readers": 4}}


def test_a_topic_that_nobody_reads_leaves_nothing_and_the_others_stay() -> None:
    board = Board()
    for topic in (TOPIC, "stage:two"):
        board.tell(topic, "answering", "王建国", seconds=5, now=0.0)
        board.count("a", {topic: 3}, now=0.0)
    board.keep_only({"stage:two"})
    assert board.facts(TOPIC) == {}
    assert [board.due(now) for now in (1.0, 100.0)] == [{"stage:two": {"answering": "王建国"}}, {"stage:two": {"answering": None}}]
    assert board.__dict__ == {"_facts": {"stage:two": {}}, "_until": {}, "_counts": {"stage:two": {"a": (3, 40.0)}}, "_due": {}}
