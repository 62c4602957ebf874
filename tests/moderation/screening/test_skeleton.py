"""One plain character for each, in its place."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.screening.skeleton import skeleton


def test_characters_become_the_plainest_they_may_stand_for() -> None:
    assert skeleton("１①壹幺〇") == "11110"
    assert skeleton("ＡbＣ＠．") == "abc@."
    assert skeleton("—－–\u3000\u00a0\t\n") == "---   \n"
    assert skeleton("1\ufe0f\u20e3\u200b★🐱") == "1\0\0\0··"
    assert skeleton("賬號㎏") == "账号·"


@given(st.text(max_size=60))
def test_places_stay(text: str) -> None:
    assert len(skeleton(text)) == len(text)
