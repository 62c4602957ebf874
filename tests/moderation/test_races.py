"""Of all who decide about one question at the same instant one wins, and the others are told (T-25; many more in tests/faults)."""

import pytest

from tests.moderation.races import play

QUESTIONS = 40


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_wins_and_the_others_are_told():
    found = play(questions=QUESTIONS, seed=25)
    assert (found.wrong, found.questions, set(found.outcomes)) == ([], QUESTIONS, {"done", "conflict"})
    assert found.outcomes["done"] >= QUESTIONS
    assert found.outcomes["conflict"] >= QUESTIONS // 2
