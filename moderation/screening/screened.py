"""A text as screening has seen it: all that was noticed, and what the public may read of it."""

from dataclasses import dataclass

from moderation.screening import manners, personal
from moderation.screening.findings import Consequence, Finding, heaviest
from moderation.screening.words import Words


@dataclass(frozen=True, slots=True)
class Rules:
    """What an editor wants to follow from findings that stand in no list."""

    personal: Consequence = Consequence.HOLD
    links: Consequence = Consequence.MARK
    manners: Consequence = Consequence.MARK


@dataclass(frozen=True, slots=True)
class Screened:
    """The findings in the order of the text, and the text with labels in place of personal data."""

    findings: tuple[Finding, ...]
    masked: str

    @property
    def consequence(self) -> Consequence | None:
        """What follows from all of them together; None where nothing was noticed."""
        return heaviest(self.findings)


def screen(text: str, *, words: Words, rules: Rules = Rules()) -> Screened:
    """Look at a cleaned text. It takes a fraction of a millisecond for 200 characters, whatever the number of words."""
    data = personal.find(text, consequence=rules.personal)
    found = [
        *words.find(text),
        *data,
        *manners.find_links(text, consequence=rules.links),
        *manners.find(text, consequence=rules.manners),
    ]
    return Screened(tuple(sorted(found, key=lambda finding: (finding.start, finding.end))), personal.mask(text, data))
