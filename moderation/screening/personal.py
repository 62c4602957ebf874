"""Personal data in a text, and the text without it."""

from collections.abc import Iterable
from typing import Final

from moderation.screening import contacts, numbers, places
from moderation.screening.contacts import Contact
from moderation.screening.findings import Consequence, Finding, Kind
from moderation.screening.numbers import Number
from moderation.screening.places import Place
from moderation.screening.skeleton import skeleton

# What the public reads instead, and what staff are told. No label can be taken for personal data, nor a part of it.
LABELS: Final[dict[str, tuple[str, str]]] = {
    Number.MOBILE: ("［手机号］", "手机号码"),
    Number.LANDLINE: ("［电话］", "固定电话号码"),
    Number.IDENTITY: ("［身份证号］", "身份证号码"),
    Number.BANK_CARD: ("［银行卡号］", "银行卡号"),
    Contact.EMAIL: ("［邮箱］", "电子邮箱地址"),
    Contact.ACCOUNT: ("［账号］", "微信、QQ等的账号"),
    Place.PLATE: ("［车牌］", "车牌号码"),
    Place.DOOR: ("［门牌］", "具体到门牌的住址"),
}


def find(text: str, *, consequence: Consequence = Consequence.HOLD) -> list[Finding]:
    """Every piece of personal data, in the order of the text; none touches another. Where two overlap it is the longer."""
    plain = skeleton(text)
    found: list[tuple[str, int, int]] = [*numbers.find(text, plain), *contacts.find(text, plain), *places.find(plain)]
    return [
        Finding(
            Kind.PERSONAL,
            category,
            consequence,
            start,
            end,
            LABELS[category][0],
            f"像是{LABELS[category][1]}，公开时显示为{LABELS[category][0]}。",
        )
        for category, start, end in _joined(found)
    ]


def mask(text: str, findings: Iterable[Finding]) -> str:
    """The text with a label in place of each piece of personal data; other findings change nothing."""
    parts: list[str] = []
    done = 0
    for finding in sorted(findings, key=lambda each: each.start):
        if finding.kind is Kind.PERSONAL:
            parts += text[done : finding.start], finding.found
            done = finding.end
    return "".join([*parts, text[done:]])


def _joined(found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    # What overlaps is one piece, called after its longest part: the rest of a shorter one would be a leak.
    joined: list[tuple[str, int, int]] = []
    longest = 0
    for category, start, end in sorted(found, key=lambda each: (each[1], -each[2])):
        if joined and start < joined[-1][2]:
            name, first, last = joined[-1]
            joined[-1] = (category if end - start > longest else name, first, max(last, end))
            longest = max(longest, end - start)
        else:
            joined.append((category, start, end))
            longest = end - start
    return joined
