"""What became of the questions of a programme, as anybody may know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Min

from interview.models import Programme, Question
from interview.states import UNDECIDED, QuestionState
from moderation.audit import DECISIONS, UNDOING
from moderation.models import Record

Reason = Question.Reason


@dataclass(frozen=True)
class Counts:
    """Each question is counted once: received = waiting + approved + merged + declined + answered + owed + withdrawn.

    `approved` are those that still wait for their answer on air; `reasons` are the codes of the declined ones, each with
    its count, the most frequent first. `wait` is the median time from receipt to the first decision, None before there is one.
    """

    received: int
    waiting: int
    approved: int
    merged: int
    declined: int
    answered: int
    owed: int
    withdrawn: int
    reasons: Mapping[Question.Reason, int]
    wait: timedelta | None


def of(programme: Programme) -> Counts:
    """The counts as they stand: three statements."""
    rows: dict[str, int] = dict(programme.questions.order_by().values_list("state").annotate(Count("pk")))
    return Counts(
        received=sum(rows.values()),
        waiting=sum(rows.get(state, 0) for state in UNDECIDED),
        approved=rows.get(QuestionState.APPROVED, 0),
        merged=rows.get(QuestionState.MERGED, 0),
        declined=rows.get(QuestionState.DECLINED, 0),
        answered=rows.get(QuestionState.ANSWERED, 0),
        owed=rows.get(QuestionState.OWED, 0),
        withdrawn=rows.get(QuestionState.WITHDRAWN, 0),
        reasons=_reasons(programme),
        wait=_wait(programme),
    )


def as_data(counts: Counts) -> dict[str, Any]:
    """The counts for programs; the time in whole seconds."""
    numbers = {name: getattr(counts, name) for name in Counts.__dataclass_fields__ if name not in {"reasons", "wait"}}
    reasons = {str(reason): count for reason, count in counts.reasons.items()}
    return {**numbers, "reasons": reasons, "median_wait_seconds": None if counts.wait is None else round(counts.wait.total_seconds())}


def _reasons(programme: Programme) -> dict[Question.Reason, int]:
    declined = programme.questions.filter(state=QuestionState.DECLINED).order_by()
    counted = declined.values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    return {Reason(reason): count for reason, count in counted}


def _wait(programme: Programme) -> timedelta | None:
    first = (
        Record.objects.filter(programme=programme, action__in=DECISIONS - UNDOING)
        .order_by()
        .values("question", "question__received_at")
        .annotate(first=Min("at"))
        .values_list("question__received_at", "first")
    )
    waits = [_seconds(received, decided) for received, decided in first]
    return timedelta(seconds=median(waits)) if waits else None


def _seconds(received: datetime, decided: datetime) -> float:
    # A clock that was put back between the two must not make a wait negative.
    return max(0.0, (decided - received).total_seconds())
