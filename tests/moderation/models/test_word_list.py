"""A list has each word once."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Word, WordList

pytestmark = pytest.mark.django_db


def test_a_word_stands_once_in_a_list():
    lists = [WordList.objects.create(name=name, category="广告") for name in ("广告", "联系方式")]
    for each in lists:
        Word.objects.create(list=each, text="加微信")
    with pytest.raises(IntegrityError), transaction.atomic():
        Word.objects.create(list=lists[0], text="加微信")
