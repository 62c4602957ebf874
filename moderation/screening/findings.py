"""What screening noticed in a text: where, what, and why, in words for staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which part of screening noticed it."""

    WORD = "word"
    PERSONAL = "personal"
    LINK = "link"
    MANNERS = "manners"


class Consequence(StrEnum):
    """What an editor wants to follow from a finding, from the mildest on."""

    MARK = "mark"
    HOLD = "hold"
    REFUSE = "refuse"

    @property
    def weight(self) -> int:
        """The greater the heavier."""
        return _WEIGHTS[self]


_WEIGHTS = {consequence: weight for weight, consequence in enumerate(Consequence)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in one place: `start` and `end` count characters of the text as it was written, as a slice does.

    `category` is what the editor called the list, or what kind of personal data or manners it is. `found` is the word of
    the list, or the label put in place of personal data, which is never kept here in clear. `why` is a Chinese sentence
    for staff.
    """

    kind: Kind
    category: str
    consequence: Consequence
    start: int
    end: int
    found: str
    why: str


def heaviest(findings: Iterable[Finding]) -> Consequence | None:
    """The consequence for the text as a whole; None where nothing was found."""
    return max((finding.consequence for finding in findings), key=lambda consequence: consequence.weight, default=None)


def outermost(findings: Iterable[Finding]) -> list[Finding]:
    """In the order of the text, without those that lie inside another one of at least the same consequence."""
    kept: list[Finding] = []
    # The furthest end so far for each consequence: what ends before it lies inside, because it starts later.
    reached = dict.fromkeys(Consequence, 0)
    for finding in sorted(findings, key=lambda each: (each.start, -each.end, -each.consequence.weight)):
        if all(finding.end > end for consequence, end in reached.items() if consequence.weight >= finding.consequence.weight):
            kept.append(finding)
            reached[finding.consequence] = finding.end
    return kept
