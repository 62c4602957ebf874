"""Which question a form names, and nothing else."""

import pytest

from moderation.views.chosen import chosen
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_the_question_of_this_programme():
    question = make.question(make.programme())
    assert chosen(question.programme, str(question.pk)) == question


@pytest.mark.parametrize("key", ["", "x", "01900000-0000-7000-8000-000000000000", "of another programme", "\x00" * 32])
def test_any_other_key_is_not_found(key):
    other = make.question(make.programme())
    with pytest.raises(Refused) as caught:
        chosen(make.programme(), str(other.pk) if " " in key else key)
    assert caught.value.code == "not_found"
