"""There is one text for each reason."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import ReasonText

pytestmark = pytest.mark.django_db


def test_a_reason_has_one_text():
    ReasonText.objects.create(reason="legal", chinese="依法不宜公开。", english="Not for publication by law.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReasonText.objects.create(reason="legal", chinese="又一段。", english="Another.")
