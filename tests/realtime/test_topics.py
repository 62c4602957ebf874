"""A name leads to a pattern and a key, or nowhere."""

import pytest

from realtime.topics import Access, TopicPattern, TopicTable


def anybody(_caller: object, _key: str) -> bool:
    return True


STAGE, DESK = TopicPattern("stage", anybody), TopicPattern("desk", anybody)
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


def test_what_is_public_is_asked_once_and_the_caller_never_looked_up() -> None:
    asked: list[str] = []

    def public(key: str) -> bool:
        asked.append(key)
        return True

    table = TopicTable([TopicPattern("stage", anybody, public=public)])
    assert not table.is_known_public("stage:1")
    assert [table.access("stage:1", lambda: pytest.fail("nobody needs to know who calls")) for _ in range(3)] == [Access.PUBLIC] * 3
    assert (asked, table.is_known_public("stage:1")) == (["1"], True)


def test_what_is_not_public_yet_is_asked_again_every_time() -> None:
    announced: set[str] = set()
    table = TopicTable([TopicPattern("stage", lambda caller, _key: caller == "editor", public=announced.__contains__)])
    assert [table.access("stage:1", lambda: who) for who in ("editor", "stranger")] == [Access.PERSONAL, Access.NONE]  # noqa: B023
    announced.add("1")
    assert table.access("stage:1", lambda: "stranger") is Access.PUBLIC


def test_who_may_read_is_asked_every_time_and_nothing_unknown_is_read() -> None:
    table = TopicTable([TopicPattern("desk", lambda caller, key: (caller, key) == ("host", "1"))])
    assert table.access("desk:1", lambda: "host") is Access.PERSONAL
    assert [table.access(name, lambda: "host") for name in ("desk:2", "cellar:1", "desk", "")] == [Access.NONE] * 4
    assert not table.is_known_public("desk:1")
