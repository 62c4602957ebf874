"""Every reason has words that help the asker."""

from interview.models import Question
from moderation.reasons import ENGLISH, WORDS


def test_every_reason_has_words_that_fit_the_receipt():
    assert list(WORDS) == list(ENGLISH) == Question.Reason.values
    assert [words for words in (*WORDS.values(), *ENGLISH.values()) if not 10 <= len(words) <= 300] == []
