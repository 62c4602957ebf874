"""Where somebody lives or what they drive: door numbers and number plates."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from moderation.screening.skeleton import MARK, VOID


class Place(StrEnum):
    """What leads to somebody's door."""

    DOOR = "address"
    PLATE = "plate"


_GAP: Final = rf"[{VOID}{MARK} \-.·•]{{0,2}}"
_PLATE: Final = re.compile(
    rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]{_GAP}[a-hj-np-z](?:{_GAP}[a-hj-np-z0-9]){{4,5}}{_GAP}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])"
)

_SOME: Final = rf"[{VOID} ,，\-]{{0,2}}"
_BUILDING: Final = r"[a-z]?[0-9十]{1,4}(?:-[0-9]{1,3})?(?:号?[栋幢座]|号楼|#楼?)"
_UNIT: Final = r"[0-9十甲乙丙丁东西中a-z]{1,2}(?:单元|门洞|梯)"
# 501户 are five hundred families, 501室 is one.
_COUNTED: Final = r"(?![0-9.]|[户人元多余年月天次块万名个家位平米度吨层辆岁分点时])"
_ROOM: Final = rf"[0-9十]{{1,2}}楼{_SOME}[0-9]{{1,4}}[室号房]|[0-9]{{1,4}}(?:-[0-9]{{1,2}})?[室房]|[0-9]{{3,4}}号?{_COUNTED}"
_DOORS: Final = (
    re.compile(rf"{_BUILDING}{_SOME}(?:{_UNIT}{_SOME})?(?:[0-9十]{{1,2}}楼{_SOME})?(?:{_ROOM})"),
    re.compile(rf"{_UNIT}{_SOME}(?:{_ROOM})"),
    re.compile(r"(?<![0-9\-])[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?![0-9\-])(?=[室房住，,。 ]|家|业主|$)"),
    re.compile(r"[0-9十]{1,3}组[0-9]{1,4}号(?![线楼文])"),
)
_LIVES: Final = re.compile(r"家住|住在|住址|家庭地址|通讯地址|家在|现住|我住")
_HOUSE: Final = re.compile(
    r"[^。！？\n!?;；]{0,24}?(?:路|街|道|巷|弄|里|村|组|园|区|院)([0-9]{1,5}(?:-[0-9]{1,3})?号(?:院|楼)?)(?![线文公])"
)


def find(plain: str) -> Iterator[tuple[Place, int, int]]:
    """Each plate or door with the slice of the text it stands in; `plain` is the skeleton of the text."""
    for plate in _PLATE.finditer(plain):
        if sum(character.isdigit() for character in plate[0]) >= 3:
            yield Place.PLATE, *plate.span()
    for door in _DOORS:
        for match in door.finditer(plain):
            yield Place.DOOR, *match.span()
    for lives in _LIVES.finditer(plain):
        house = _HOUSE.match(plain, lives.end())
        if house:
            yield Place.DOOR, *house.span(1)
