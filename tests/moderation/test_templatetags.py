"""What the templates of asking and screening read."""

from uuid import UUID

from interview.models import Question
from moderation.reasons import WORDS
from moderation.templatetags.moderation import limit, new_token, reasons


def test_every_form_has_a_token_of_its_own():
    first, second = new_token(), new_token()
    assert first != second
    assert str(UUID(first)) == first


def test_the_limits_are_those_of_the_form():
    assert (limit("text"), limit("nickname")) == (1_000, 20)


def test_the_reasons_are_chosen_by_the_keys_one_to_seven():
    rows = reasons()
    assert [row["key"] for row in rows] == list("1234567")
    assert [row["code"] for row in rows] == Question.Reason.values
    assert {row["code"]: row["words"] for row in rows} == dict(WORDS)
