"""A number stands for a question once; the row of the index goes with all its numbers."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Fingerprint, Indexed
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed():
    question = make.question(make.programme())
    return Indexed.objects.create(question=question, programme=question.programme, group=question, told="小区水压恢复")


def test_the_largest_number_is_kept(indexed):
    Fingerprint.objects.create(number=(1 << 63) - 1, indexed=indexed)
    assert Fingerprint.objects.values_list("number", "indexed").get() == ((1 << 63) - 1, indexed.pk)


def test_a_number_stands_for_a_question_once(indexed):
    Fingerprint.objects.create(number=7, indexed=indexed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fingerprint.objects.create(number=7, indexed=indexed)


def test_a_question_is_in_the_index_once(indexed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Indexed.objects.create(question=indexed.question, programme=indexed.programme, group=indexed.question, told="")
