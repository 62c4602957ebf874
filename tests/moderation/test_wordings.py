"""Every wording of a question is kept whole, in order."""

import pytest

from moderation import wordings
from moderation.screening.findings import Consequence, Finding, Kind
from tests import scenes as make

pytestmark = pytest.mark.django_db

PHONE = Finding(Kind.PERSONAL, "mobile", Consequence.MARK, 5, 16, "〔手机号〕", "手机号。")


def test_wordings_are_numbered_and_the_first_and_the_latest_are_found():
    question, chen = make.question(make.programme()), make.user()
    assert (wordings.first(question), wordings.latest(question)) == (None, None)
    sent = wordings.add(question=question, text="我的电话是13800138000。", by=None, findings=[PHONE])
    edited = wordings.add(question=question, text="水压何时恢复？", by=chen)
    assert (wordings.first(question), wordings.latest(question)) == (sent, edited)
    assert list(question.wordings.values_list("number", "text", "by", "findings")) == [
        (
            1,
            "我的电话是13800138000。",
            None,
            [
                {
                    "kind": "personal",
                    "category": "mobile",
                    "consequence": "mark",
                    "start": 5,
                    "end": 16,
                    "found": "〔手机号〕",
                    "why": "手机号。",
                }
            ],
        ),
        (2, "水压何时恢复？", chen.pk, []),
    ]
