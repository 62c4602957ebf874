"""Sessions that have run out are forgotten, and no others."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import tasks

pytestmark = pytest.mark.django_db


def test_sessions_that_have_run_out_are_deleted_and_others_stay():
    now = timezone.now()
    for key, left in (("a" * 32, timedelta(seconds=-1)), ("b" * 32, timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=now + left)
    tasks.forget_sessions.call_local()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["b" * 32]
