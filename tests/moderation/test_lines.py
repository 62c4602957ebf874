"""What is written beside a question: cleaned, measured, told."""

import pytest

from interview.text import INTAKE_LIMIT
from moderation.lines import measured
from realtime.commands import Refused


def test_what_cannot_be_seen_is_taken_off():
    assert measured(" 请核实\u200b。\r\n\r\n\r\n谢谢 ", field="words", what="说明") == "请核实。\n\n谢谢"


def test_it_may_be_empty_unless_it_is_needed():
    assert measured(" \u200b\n", field="words", what="说明") == ""
    with pytest.raises(Refused) as caught:
        measured(" \u200b\n", field="words", what="批注", needed=True)
    assert (caught.value.code, caught.value.detail, caught.value.fields) == (
        "invalid", "请写下批注。空格和看不见的字符不算文字。", {"words": ["请填写。"]},
    )  # fmt: skip


@pytest.mark.parametrize(("length", "more"), [(301, 1), (INTAKE_LIMIT + 1, INTAKE_LIMIT - 299)])
def test_too_many_characters_are_counted(length, more):
    assert len(measured("字" * 300, field="words", what="说明")) == 300
    with pytest.raises(Refused) as caught:
        measured("字" * length, field="words", what="说明")
    assert (caught.value.code, caught.value.detail) == ("invalid", f"说明有{length}字，最多300字，请删去{more}字。")
