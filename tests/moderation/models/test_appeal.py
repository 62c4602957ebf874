"""A question has one second chance."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Appeal
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_a_question_has_one_appeal():
    question = make.question(make.programme())
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, words="请再看一次。")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(question=question, kind=Appeal.Kind.REWRITE)
