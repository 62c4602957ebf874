"""Doors and plates, and buildings where many live."""

import pytest

from moderation.screening.places import Place, find
from moderation.screening.skeleton import skeleton


def found(text: str) -> list[tuple[Place, str]]:
    return [(place, text[start:end]) for place, start, end in find(skeleton(text))]


@pytest.mark.parametrize("text", ["赣G12345", "赣G·D12345", "赣 g 1 2 3 4 5", "赣Ｇ１２３４５", "鄂AB123学", "浙B·12F45"])
def test_a_plate_is_found_as_it_is_written(text: str) -> None:
    assert found(f"车牌{text}。") == [(Place.PLATE, text)]


@pytest.mark.parametrize(
    "door",
    ["12栋1单元602室", "12幢 602室", "3号楼2单元501", "三号楼二单元五零一室", "2单元501室", "8栋3楼302房", "１２栋６０２室", "3组12号"],
)
def test_a_door_is_found_as_it_is_written(door: str) -> None:
    assert (Place.DOOR, door) in found(f"湖滨花园{door}的业主")


def test_a_house_is_a_door_where_somebody_lives_there() -> None:
    assert found("我家住在湖滨大道128号，停水") == [(Place.DOOR, "128号")]
    assert found("湖滨大道128号的营业厅") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12栋200户居民",
        "3号楼2单元电梯",
        "12栋1单元停水3天",
        "25栋17层",
        "A座和B2区",
        "12栋停水500多户",
        "3-2标段",
        "2026-7-30",
        "G70高速",
        "京A级景区",
        "1单元100平米",
    ],
)
def test_where_many_live_passes(text: str) -> None:
    assert found(text) == []
