"""A name leads to a pattern and a key, or nowhere."""

import pytest

from realtime.topics import TopicPattern, TopicTable


def anybody(_caller: object, _key: str) -> bool:
    return True


STAGE, DESK = TopicPattern("stage", anybody), TopicPattern("desk", anybody, recheck=False)
TABLE = TopicTable([STAGE, DESK])


def test_a_name_is_found_again_with_its_key() -> None:
    assert TABLE.find(STAGE.name("0190-ab_C")) == (STAGE, "0190-ab_C")
    assert TABLE.find("desk:1") == (DESK, "1")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ":",
        "stage",
        "stage:",
        ":1",
        "inbox:1",
        "STAGE:1",
        "stage:1\n",
        "stage:1:2",
        "stage:\x00",
        "stage:甲",
        "stage:../x",
        "stage:" + "x" * 121,
    ],
)
def test_anything_else_does_not_exist(name: str) -> None:
    assert TABLE.find(name) is None


def test_a_name_nobody_could_ask_for_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="stage:a b"):
        STAGE.name("a b")


def test_two_patterns_of_one_prefix_are_refused() -> None:
    with pytest.raises(ValueError, match="'stage'"):
        TopicTable([STAGE, TopicPattern("stage", anybody)])
