"""Find a programme, lock it, list it."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from interview.models import Programme, Question
from interview.states import ProgrammeState, QuestionState


def locked(programme: Programme) -> Programme:
    """The programme as it is now, its row locked until the transaction ends: whoever closes waits for whoever publishes."""
    return Programme.objects.select_for_update().get(pk=programme.pk)


def listed() -> QuerySet[Programme]:
    """Programmes of the public list: no drafts, no rehearsals."""
    return (
        Programme.objects.exclude(state=ProgrammeState.DRAFT)
        .filter(rehearsal=False)
        .select_related("unit")
        .prefetch_related("guests__seats")
    )


def live() -> QuerySet[Programme]:
    """On air now, the latest opened first."""
    return listed().filter(state=ProgrammeState.LIVE).order_by("-opened_at")


def coming() -> QuerySet[Programme]:
    """Announced or postponed, the nearest first; one that is overdue stays until it opens or is called off."""
    return listed().filter(state__in=[ProgrammeState.ANNOUNCED, ProgrammeState.POSTPONED]).order_by("planned_start")


def past() -> QuerySet[Programme]:
    """Ended, archived or cancelled, the latest first."""
    return listed().filter(state__in=[ProgrammeState.ENDED, ProgrammeState.ARCHIVED, ProgrammeState.CANCELLED]).order_by("-planned_start")


def years() -> list[int]:
    """The years, here, in which something past was held, the latest first."""
    return [moment.year for moment in past().order_by().datetimes("planned_start", "year", order="DESC")]


def past_of(year: int) -> QuerySet[Programme]:
    """The past of one year, each with `answered`, the count of its answered questions."""
    answered = Question.objects.filter(programme=OuterRef("pk"), state=QuestionState.ANSWERED).order_by().values("programme")
    counted = answered.annotate(count=Count("pk")).values("count")
    return past().filter(planned_start__year=year).annotate(answered=Coalesce(Subquery(counted), 0))


def lead_days(programme: Programme) -> int:
    """Whole days between the announcement (or now, before it) and the planned start."""
    return max(0, (programme.planned_start - (programme.announced_at or timezone.now())).days)
