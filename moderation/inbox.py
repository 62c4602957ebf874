"""The door to the moderators: what waits for screening, who holds it, what was decided."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from interview.models import Programme, Question, Seat
from interview.states import SHOWN, UNDECIDED, QuestionState
from moderation import audit, groups, queue
from moderation.audit import Action
from moderation.models import LEASE_SPAN, Lease, Note, Record, Report, Wording
from moderation.queue import Show
from moderation.topics import INBOX
from realtime import publishing
from realtime.publishing import Position

# How far back the pace of a moderator is counted: long enough to be even, short enough to be of now.
PACE = timedelta(minutes=10)
# Each is one question less for the others to read.
_PACED = (Action.APPROVE, Action.SCREEN, Action.DECLINE, Action.MERGE)


@dataclass(frozen=True)
class Load:
    """How much waits in one programme: how many in each view of the queue, and since when the oldest that nobody put aside."""

    counts: dict[str, int]
    oldest: datetime | None

    @property
    def waiting(self) -> int:
        """All that is not decided, put aside or not."""
        return self.counts[Show.ALL]

    @property
    def open(self) -> int:
        """What anybody could decide now."""
        return self.counts[Show.OPEN]


@dataclass(frozen=True)
class Member:
    """One moderator at work: how many questions they hold now, how many they decided within PACE."""

    user: User
    holds: int
    decided: int


def position(programme: Programme) -> Position:
    """Where the inbox stands; read before its content."""
    return publishing.position(_topic(programme.pk))


def waiting(programme: Programme) -> QuerySet[Question]:
    """What waits for a decision, the oldest first, with all that its partial touches."""
    return _whole(programme.questions.filter(state__in=UNDECIDED)).order_by("number")


def reported(programme: Programme) -> QuerySet[Question]:
    """What readers reported and nobody settled yet, the oldest first, as waiting(): what waits, and what is shown already."""
    rows = programme.questions.filter(queue.KEEPS[Show.REPORTED], state__in=UNDECIDED | SHOWN)
    return _whole(rows).order_by("number")


def load(programme: Programme) -> Load:
    """How much waits, in two statements."""
    counts = {f"{show.value}_": Count("pk", filter=keeps) for show, keeps in queue.KEEPS.items() if show != Show.REPORTED}
    oldest = Min("received_at", filter=queue.KEEPS[Show.OPEN])
    rows = programme.questions.filter(state__in=UNDECIDED).annotate(noticed=queue.FINDINGS)
    row = rows.aggregate(**counts, since=oldest)
    found = {show.value: row.get(f"{show.value}_", 0) for show in queue.KEEPS}
    return Load(found | {Show.REPORTED.value: reported(programme).order_by().count()}, row["since"])


def team(programme: Programme) -> list[Member]:
    """Who moderates this programme or just did, by name."""
    now = timezone.now()
    held = Lease.objects.filter(question__programme=programme, until__gt=now, until__lte=now + 2 * LEASE_SPAN)
    decided = Record.objects.filter(programme=programme, action__in=_PACED, at__gt=now - PACE, by__isnull=False)
    holds = Counter(held.values_list("moderator", flat=True))
    pace = Counter(decided.values_list("by", flat=True))
    seated = Seat.objects.filter(programme=programme, role=Seat.Role.MODERATOR).values("user")
    people = User.objects.filter(Q(pk__in=seated) | Q(pk__in=[*holds, *pace])).order_by("name", "pk")
    return [Member(person, holds[person.pk], pace[person.pk]) for person in people]


def numbers(programme: Programme) -> str:
    """How much waits and who is at work, as fragments: with what comes, and for a page to look at by itself now and then."""
    context = {"load": load(programme), "team": team(programme)}
    return "".join(render_to_string(f"moderation/inbox_{part}.html", context) for part in ("load", "counts", "team"))


def arrive(question: Question) -> None:
    """A question was received: it stands at the end of every inbox. Called by intake, in its transaction."""
    _tell(question, "question.arrived", state=True)


def show(question: Question) -> None:
    """Bring every inbox up to date with who holds a waiting question, and what stands beside it."""
    _tell(question, "question.changed")


def put_aside(question: Question) -> None:
    """A waiting question was put aside, or is back among the others. Called by holds."""
    _tell(question, "question.changed", state=True)


def report(question: Question) -> None:
    """Readers reported the question, or a moderator settled that: it comes to the reported ones, or leaves them. Called by reports."""
    _tell(question, "question.changed", state=True)


def reword(question: Question) -> None:
    """The words were changed a little: where it waits, and among what was decided. Called by edits."""
    _tell(question, "question.changed", decision=None if question.state == QuestionState.RECEIVED else audit.last_of(question))


def settle(question: Question, decision: Record) -> None:
    """A decision was made or taken back: the question leaves the inbox or returns to it. Called by decisions."""
    _tell(question, "question.changed", decision=decision, state=True)


def forget(question: Question) -> None:
    """The asker withdrew the question: it leaves every inbox, and its words leave the log. Called by intake."""
    publishing.redact(topic=_topic(question.programme_id), match=lambda data: data.get("question") == question.label)
    _tell(question, "question.changed", decision=audit.last_of(question), state=True)


def regroup(question: Question, *, left: UUID) -> None:
    """The question left a group of those that ask alike: they are told how many they are now. Called by indexing."""
    html = _beside(question, left)
    if html:
        publishing.publish(topic=_topic(question.programme_id), kind="group.changed", data={"group": str(left)}, html=html)


def _whole(rows: QuerySet[Question]) -> QuerySet[Question]:
    """With who holds each, why it waits, its notes, its wordings and who asks the same, in a constant number of statements."""
    first = Record.objects.filter(action__in=[Action.SCREEN, Action.EDIT]).select_related("by").order_by("number")
    return rows.select_related("programme__rules", "lease__moderator", "hold__by", "appeal__against").prefetch_related(
        Prefetch("notes", queryset=Note.objects.select_related("by")),
        Prefetch("wordings", queryset=Wording.objects.select_related("by")),
        Prefetch("records", queryset=first, to_attr="first_steps"),
        Prefetch("merged", queryset=Question.objects.only("number", "label", "merged_into").order_by("-decided_at", "-number")),
        Prefetch("reports", queryset=Report.objects.filter(settled_at=None).order_by("-at"), to_attr="open_reports"),
        groups.WITH,
    )


def _topic(programme_id: object) -> str:
    return INBOX.name(str(programme_id))


# What is pushed goes to everybody, so in the language of the site, not in that of the page somebody happened to act on.
@translation.override(settings.LANGUAGE_CODE)
def _beside(question: Question, group: UUID) -> str:
    """How many ask alike, for each that stands in this group beside the question."""
    return "".join(render_to_string("moderation/inbox_alike.html", {"question": each}) for each in groups.others(question, group))


@translation.override(settings.LANGUAGE_CODE)
def _tell(question: Question, kind: str, *, decision: Record | None = None, state: bool = False) -> None:
    # Read again: what the caller holds may be older than the change, and lacks the lease.
    question = _whole(Question.objects.all()).get(pk=question.pk)
    parts: list[str] = [render_to_string("moderation/inbox_item.html", {"question": question})]
    data: dict[str, Any] = {"id": str(question.pk), "question": question.label, "state": question.state}
    if decision is not None:
        gone = question.state in {QuestionState.RECEIVED, QuestionState.WITHDRAWN}
        parts.append(render_to_string("moderation/decided_item.html", {"decision": decision, "question": question, "gone": gone}))
        data |= {"action": decision.action, "reason": decision.reason, "by": decision.actor}
    if state:
        parts.append(numbers(question.programme))
        group = groups.key_of(question)
        parts.append(_beside(question, group) if group else "")
    else:
        parts.append(render_to_string("moderation/inbox_team.html", {"team": team(question.programme)}))
    publishing.publish(topic=_topic(question.programme_id), kind=kind, data=data, html="".join(parts))
