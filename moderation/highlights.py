"""A wording cut into pieces, so that what screening noticed stands out where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moderation.screening.findings import Kind


@dataclass(frozen=True)
class Piece:
    """Some characters of a text. `why` is empty where nothing was noticed; `kind` and `consequence` are those of the finding."""

    text: str
    why: str = ""
    kind: str = ""
    consequence: str = ""


def cut(text: str, findings: list[dict[str, Any]], *, masked: bool = True) -> list[Piece]:
    """The whole text in pieces, in its order. Personal data is a label unless `masked` is False.

    Findings that overlap are told in one piece each, the first one first; of two at the same place the heavier is seen.
    """
    return list(_pieces(text, sorted(findings, key=_place), masked=masked))


def _place(finding: Mapping[str, Any]) -> tuple[int, bool, int]:
    # Personal data first: where it overlaps with something else, it is what must be covered.
    return finding["start"], finding["kind"] != Kind.PERSONAL, -finding["end"]


def _pieces(text: str, findings: list[dict[str, Any]], *, masked: bool) -> Iterator[Piece]:
    covered = [(finding["start"], finding["end"]) for finding in findings if masked and finding["kind"] == Kind.PERSONAL]
    reached = 0
    for finding in findings:
        start, end = max(reached, finding["start"]), finding["end"]
        personal = finding["kind"] == Kind.PERSONAL
        if not personal:
            # A word that shares characters with personal data ends where that begins.
            end = min([end, *(first for first, last in covered if start < last and first < end)])
        if start >= end:
            continue
        if reached < start:
            yield Piece(text[reached:start])
        shown = finding["found"] if masked and personal else text[start:end]
        yield Piece(shown, finding["why"], finding["kind"], finding["consequence"])
        reached = end
    if reached < len(text):
        yield Piece(text[reached:])
