"""The index is brought up to date from the command line."""

from io import StringIO

import pytest
from django.core.management import call_command

from moderation.models import Indexed
from tests import scenes as make

pytestmark = pytest.mark.django_db


def said(**options):
    out = StringIO()
    call_command("index_questions", stdout=out, **options)
    return out.getvalue()


def test_it_says_how_many_were_missing():
    question = make.question(make.programme())
    assert (said(), said()) == ("1 questions added to the index\n", "0 questions added to the index\n")
    assert Indexed.objects.get().question == question
    assert said(anew=True) == "1 questions added to the index\n"
