"""Wordings are numbered."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Wording
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_a_number_is_given_once():
    question = make.question(make.programme())
    Wording.objects.create(question=question, number=1, text="水压")
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.create(question=question, number=1, text="停水")
