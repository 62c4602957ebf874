"""A visitor reports a question once."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Report
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_a_visitor_reports_a_question_once():
    question = make.question(make.programme())
    for visitor in ("v1", "v2"):
        Report.objects.create(question=question, visitor=visitor, reason=Report.Reason.ADVERT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(question=question, visitor="v2", reason=Report.Reason.OTHER)
