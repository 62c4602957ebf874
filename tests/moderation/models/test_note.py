"""Notes stand in the order they were written."""

import pytest

from moderation.models import Note
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_notes_are_read_in_their_order():
    question, chen = make.question(make.programme()), make.user()
    for text in ("先问一下单位。", "单位说可以答。"):
        Note.objects.create(question=question, text=text, by=chen)
    assert list(question.notes.values_list("text", flat=True)) == ["先问一下单位。", "单位说可以答。"]
