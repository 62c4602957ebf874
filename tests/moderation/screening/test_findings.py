"""The heavier consequence holds; what lies inside something else is not told twice."""

from moderation.screening.findings import Consequence, Finding, Kind, heaviest, outermost


def finding(start: int, end: int, consequence: Consequence = Consequence.MARK) -> Finding:
    return Finding(Kind.WORD, "广告", consequence, start, end, "加微信", "词表“广告”里有“加微信”。")


def test_the_heaviest_consequence_holds_for_the_text() -> None:
    assert heaviest([]) is None
    assert heaviest([finding(0, 1), finding(4, 5)]) is Consequence.MARK
    assert heaviest([finding(0, 1, Consequence.REFUSE), finding(4, 5, Consequence.HOLD)]) is Consequence.REFUSE


def test_findings_come_in_the_order_of_the_text() -> None:
    assert outermost([finding(4, 5), finding(0, 1)]) == [finding(0, 1), finding(4, 5)]


def test_the_shorter_of_two_is_left_out_where_the_longer_one_covers_it() -> None:
    assert outermost([finding(1, 3), finding(0, 4), finding(0, 2), finding(3, 4)]) == [finding(0, 4)]


def test_the_shorter_one_stays_where_it_weighs_more() -> None:
    inner = finding(1, 3, Consequence.REFUSE)
    assert outermost([finding(0, 4), inner]) == [finding(0, 4), inner]
    assert outermost([finding(0, 4, Consequence.REFUSE), finding(1, 3, Consequence.HOLD)]) == [finding(0, 4, Consequence.REFUSE)]


def test_two_in_one_place_are_one_and_the_heavier() -> None:
    assert outermost([finding(0, 4), finding(0, 4, Consequence.HOLD)]) == [finding(0, 4, Consequence.HOLD)]


def test_those_that_only_overlap_are_both_told() -> None:
    assert outermost([finding(0, 4), finding(2, 6)]) == [finding(0, 4), finding(2, 6)]
