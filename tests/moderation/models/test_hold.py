"""A question is put aside once."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Hold
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_a_question_has_one_hold():
    question = make.question(make.programme())
    Hold.objects.create(question=question, kind=Hold.Kind.HELD, by=make.user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(question=question, kind=Hold.Kind.ESCALATED)
