"""The page of the words for each reason."""

import pytest
from django.test import Client
from django.urls import reverse

from moderation.models import ReasonText
from moderation.reasons import WORDS
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_an_editor_changes_the_words_of_one_reason():
    client = Client()
    client.force_login(make.editor())
    assert WORDS["legal"] in client.get(reverse("reason_texts")).content.decode()
    client.post(reverse("reason_texts"), {"reason": "legal", "chinese": "依法不公开。", "english": ""})
    assert ReasonText.objects.get().chinese == "依法不公开。"
    refused = client.post(reverse("reason_texts"), {"reason": "legal", "chinese": "长" * 301, "english": ""})
    assert (refused.status_code, "长" * 301 in refused.content.decode()) == (422, True)


def test_others_are_turned_away():
    moderator = Client()
    moderator.force_login(make.seated(make.programme(), "moderator"))
    assert (Client().get(reverse("reason_texts")).status_code, moderator.get(reverse("reason_texts")).status_code) == (302, 403)
