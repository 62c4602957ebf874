"""Which wording a page had, told by its form or its address."""

import pytest

from moderation.views.moderators import seen


@pytest.mark.parametrize(
    ("told", "number"), [(None, None), ("3", 3), ("99999", 99_999), ("", -1), ("-1", -1), ("100000", -1), ("三", -1), ("²", -1)]
)
def test_the_number_of_the_wording(rf, told, number):
    words = {} if told is None else {"seen": told}
    assert [seen(rf.post("/", words)), seen(rf.get("/", words))] == [number, number]
