"""Every reason has words that help the asker."""

import pytest

from interview.models import Question
from moderation.reasons import WORDS, words_for
from realtime.commands import Refused


def test_every_reason_has_words_that_fit_the_receipt():
    assert set(WORDS) == set(Question.Reason.values)
    assert [reason for reason, words in WORDS.items() if not 10 <= len(words) <= 300] == []


def test_a_moderators_own_words_go_before_ours():
    assert words_for("unclear", " 请写清是哪个小区。\u200b\n") == "请写清是哪个小区。"
    assert words_for("unclear", " \n") == WORDS["unclear"]


@pytest.mark.parametrize("reason", ["", "whim", "off-topic"])
def test_a_decline_needs_one_of_our_reasons(reason):
    with pytest.raises(Refused) as caught:
        words_for(reason)
    assert (caught.value.code, caught.value.fields) == ("invalid", {"reason": ["请选择原因。"]})


def test_too_many_words_are_told_their_number():
    with pytest.raises(Refused) as caught:
        words_for("unclear", "请" * 301)
    assert (caught.value.code, caught.value.detail) == ("invalid", "给提问人的话有301字，最多300字。")
