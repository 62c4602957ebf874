"""The lives of a programme and of a question, as data: a bad graph fails at import."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class ProgrammeState(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    LIVE = "live"
    ENDED = "ended"
    ARCHIVED = "archived"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class QuestionState(StrEnum):
    RECEIVED = "received"
    SCREENED = "screened"
    APPROVED = "approved"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    OWED = "owed"
    ANSWERED = "answered"


P, Q = ProgrammeState, QuestionState

PROGRAMME_MOVES: Mapping[ProgrammeState, frozenset[ProgrammeState]] = MappingProxyType(
    {
        P.DRAFT: frozenset({P.ANNOUNCED, P.CANCELLED}),
        P.ANNOUNCED: frozenset({P.LIVE, P.POSTPONED, P.CANCELLED}),
        P.POSTPONED: frozenset({P.ANNOUNCED, P.CANCELLED}),
        P.LIVE: frozenset({P.ENDED}),
        P.ENDED: frozenset({P.ARCHIVED}),
        # A correction after the archiving is written again from the archived state.
        P.ARCHIVED: frozenset(),
        P.CANCELLED: frozenset(),
    }
)

QUESTION_MOVES: Mapping[QuestionState, frozenset[QuestionState]] = MappingProxyType(
    {
        Q.RECEIVED: frozenset({Q.SCREENED, Q.APPROVED, Q.OWED, Q.DECLINED, Q.MERGED, Q.WITHDRAWN}),
        # Where two persons have to agree, the first one's approval waits here for the second.
        Q.SCREENED: frozenset({Q.APPROVED, Q.OWED, Q.DECLINED, Q.MERGED, Q.RECEIVED, Q.WITHDRAWN}),
        # Back to received, here and below: a moderator takes a decision back, or the asker appeals.
        Q.APPROVED: frozenset({Q.ANSWERED, Q.OWED, Q.MERGED, Q.RECEIVED, Q.WITHDRAWN}),
        Q.DECLINED: frozenset({Q.RECEIVED}),
        # Its fate is that of the question it was merged into.
        Q.MERGED: frozenset({Q.RECEIVED, Q.WITHDRAWN}),
        Q.OWED: frozenset({Q.ANSWERED, Q.MERGED, Q.RECEIVED, Q.WITHDRAWN}),
        Q.ANSWERED: frozenset(),
        Q.WITHDRAWN: frozenset(),
    }
)

# A draft is nobody's business but the editors'.
PUBLIC = frozenset(set(ProgrammeState) - {P.DRAFT})
# Questions are taken from the announcement to the close (rule of the field: asked before and during).
ASKABLE = frozenset({P.ANNOUNCED, P.LIVE})
# Where an approved question goes: on air, or straight to the list of what is owed.
WRAPPING_UP = frozenset({P.ENDED, P.ARCHIVED})
# What moderators still have to decide about.
UNDECIDED = frozenset({Q.RECEIVED, Q.SCREENED})
# Questions the public may read.
SHOWN = frozenset({Q.APPROVED, Q.OWED, Q.ANSWERED})


def sources(moves: Mapping[S, frozenset[S]], target: S) -> list[S]:
    """The states from which `target` may be reached in one step."""
    return [state for state, targets in moves.items() if target in targets]


def check(moves: Mapping[S, frozenset[S]], states: Iterable[S], start: S) -> None:
    """Raise RuntimeError unless every state has its row and can be reached from `start`."""
    if set(moves) != set(states):
        raise RuntimeError(f"{start.__class__.__name__}: every state needs its row, missing {set(states) - set(moves)}")
    reached, frontier = {start}, [start]
    while frontier:
        for target in moves[frontier.pop()] - reached:
            reached.add(target)
            frontier.append(target)
    if reached != set(states):
        raise RuntimeError(f"{start.__class__.__name__}: unreachable {set(states) - reached}")


check(PROGRAMME_MOVES, ProgrammeState, P.DRAFT)
check(QUESTION_MOVES, QuestionState, Q.RECEIVED)
