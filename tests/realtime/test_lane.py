"""A place in a topic that may go with others."""

from realtime.lane import Lane
from realtime.protocol import Dialect


def test_a_lane_begins_by_itself_and_parts_by_the_way_it_was_given() -> None:
    parted: list[str] = []
    lane = Lane(7, Dialect.DATA, part=lambda: parted.append("here"))
    lane.part()
    assert (lane.position, lane.dialect, lane.live, lane.express, parted) == (7, Dialect.DATA, False, None, ["here"])
