from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from interview.models import Draft, Question
from interview.models.question import may_be_receipt_token, new_receipt_token
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_the_label_is_of_the_day_here_not_in_greenwich():
    programme = make.programme(planned_start=datetime(2026, 7, 29, 17, 0, tzinfo=UTC))
    assert make.question(programme).label == "0730-001"


def test_the_asker_is_the_nickname_or_an_anonymous_netizen():
    programme = make.programme()
    assert make.question(programme, nickname="湖滨老李").asker == "湖滨老李"
    assert make.question(programme, nickname="").asker == "匿名网友"


@pytest.mark.parametrize("text", ["", "x" * 19, "x" * 41, "x" * 26 + "\0", "水" * 27, "x" * 26 + "\n"])
def test_what_cannot_be_a_token_is_told_from_one(text):
    assert (may_be_receipt_token(new_receipt_token()), may_be_receipt_token(text)) == (True, False)


def test_receipt_tokens_are_long_and_never_the_same():
    tokens = {new_receipt_token() for _ in range(1000)}
    assert (len(tokens), {len(token) for token in tokens}) == (1000, {27})


@pytest.mark.parametrize("twice", ["number", "client_token", "receipt_token"])
def test_the_database_keeps_what_must_be_unique(twice):
    programme = make.programme(state=ProgrammeState.LIVE)
    first, second = make.question(programme), make.question(programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=second.pk).update(**{twice: getattr(first, twice)})


def test_one_draft_a_seat_and_question():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    make.seated(programme, "guest", guest=guest)
    question = make.question(programme)
    Draft.objects.create(question=question, seat=guest.seats.get())
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(question=question, seat=guest.seats.get())
