"""Every wording of a question is kept whole, in order."""

import pytest

from moderation import wordings
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_wordings_are_numbered_and_the_first_and_the_latest_are_found():
    question, chen = make.question(make.programme()), make.user()
    assert (wordings.first(question), wordings.latest(question)) == (None, None)
    sent = wordings.add(question=question, text="我的电话是13800138000。", by=None, findings=[{"kind": "personal"}])
    edited = wordings.add(question=question, text="水压何时恢复？", by=chen)
    assert (wordings.first(question), wordings.latest(question)) == (sent, edited)
    assert list(question.wordings.values_list("number", "text", "by", "findings")) == [
        (1, "我的电话是13800138000。", None, [{"kind": "personal"}]),
        (2, "水压何时恢复？", chen.pk, []),
    ]
