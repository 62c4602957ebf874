"""A bad day: some of everything, the same for the same seed, and words that screening sees through."""

from collections import Counter

from msgspec.structs import replace

from moderation.screening import personal
from rehearsal.mix import ANSWERED_AFTER, ASKED_EVERY, mix
from rehearsal.script import Asked

MIXED = mix(500, seed=1)


def test_the_same_seed_gives_the_same_script():
    assert mix(40, seed=7) == mix(40, seed=7)
    assert mix(40, seed=7) != mix(40, seed=8)


def test_there_are_as_many_as_asked_for_and_some_of_each_fate():
    assert len(MIXED.asked) == 500
    assert {turn.reason for turn in MIXED.asked if turn.decision == "decline"} == {"duplicate", "advert", "abusive"}
    fates = Counter("declined" if turn.decision == "decline" else "left" if turn.answer_at is None else "answered" for turn in MIXED.asked)
    assert (min(fates.values()) > 10, fates["answered"] > 200) == (True, True)


def test_the_ordinary_ones_are_those_given_with_their_own_fate_until_they_are_used_up():
    given = [
        Asked(at=1, text="第一个问题", decision="approve", answer_at=3, answer_by="guest", answer="答"),
        Asked(at=2, text="第二个问题", decision="decline", reason="off_topic", words="请向12345反映。"),
        Asked(at=3, text="第三个问题", decision="approve"),
    ]
    mixed = mix(60, seed=3, among=given).asked
    found = [turn for turn in mixed if turn.text in {turn.text for turn in given} and turn.reason != "duplicate"]
    assert [replace(turn, at=0, answer_at=None) for turn in found] == [replace(turn, at=0, answer_at=None) for turn in given]
    assert [None if turn.answer_at is None else turn.answer_at - turn.at for turn in found] == [ANSWERED_AFTER, None, None]
    assert [turn.at for turn in mixed] == [place * ASKED_EVERY for place in range(60)]


def test_some_are_asked_word_for_word_again():
    texts = Counter(turn.text for turn in MIXED.asked)
    assert sum(count - 1 for count in texts.values()) > 20


def test_the_telephone_and_identity_numbers_are_such_as_are_masked():
    private = [turn.text for turn in MIXED.asked if "联系电话" in turn.text or "身份证" in turn.text]
    assert len(private) > 20
    assert [text for text in private if not personal.find(text)] == []
