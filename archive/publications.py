"""Find what is published, what stands beside it, and what is out of date."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from archive.models import Publication
from interview import transcript
from interview.models import Programme
from interview.states import ProgrammeState, QuestionState
from interview.transcript import Position

# As many as one statement may name with ease.
_BATCH = 500


def of(programme: Programme) -> Publication:
    """The programme's row; a new one says that nothing is written yet, and gives the folder, once and for ever."""
    row, _created = Publication.objects.get_or_create(programme=programme, defaults={"folder": _folder(programme)})
    row.programme = programme
    return row


def listed() -> QuerySet[Publication]:
    """What the index and the feed show, the latest first, each with `answered`; no rehearsals."""
    answered = Count("programme__questions", filter=Q(programme__questions__state=QuestionState.ANSWERED))
    return (
        Publication.objects.filter(revision__gt=0, programme__rehearsal=False)
        .select_related("programme", "programme__unit")
        .prefetch_related("programme__guests")
        .annotate(answered=answered)
        .order_by("-programme__planned_start", "-programme_id")
    )


def beside(publication: Publication) -> tuple[Publication | None, Publication | None]:
    """The published interviews before and after this one; a rehearsal has none."""
    programme = publication.programme
    if programme.rehearsal:
        return None, None
    others = Publication.objects.filter(revision__gt=0, programme__rehearsal=False).select_related("programme")
    at = programme.planned_start
    before = Q(programme__planned_start__lt=at) | Q(programme__planned_start=at, programme_id__lt=programme.pk)
    after = Q(programme__planned_start__gt=at) | Q(programme__planned_start=at, programme_id__gt=programme.pk)
    return (
        others.filter(before).order_by("-programme__planned_start", "-programme_id").first(),
        others.filter(after).order_by("programme__planned_start", "programme_id").first(),
    )


def archived() -> QuerySet[Programme]:
    """Everything that is archived, the oldest first."""
    return Programme.objects.filter(state=ProgrammeState.ARCHIVED).select_related("publication").order_by("planned_start", "pk")


def stale(*, programme_id: str | None = None) -> Iterator[Programme]:
    """Archived programmes (or the one named) whose folder does not say what the public page says, or is not there.

    Told by the number of the stage's last event, not by a clock: whatever changes a public page has one.
    """
    rows = archived() if programme_id is None else archived().filter(pk=programme_id)
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH):
        yield from _stale_among(list(rows.filter(pk__in=keys[start : start + _BATCH])))


def _stale_among(programmes: list[Programme]) -> Iterator[Programme]:
    positions = transcript.positions(programme.pk for programme in programmes)
    for programme in programmes:
        if not _is_current(getattr(programme, "publication", None), positions[programme.pk]):
            yield programme


def _is_current(publication: Publication | None, position: Position) -> bool:
    if publication is None or not publication.is_written or publication.due:
        return False
    return (publication.epoch, publication.number) == position and (
        Path(settings.PORTAL_ROOT) / publication.folder / "index.html"
    ).is_file()


def _folder(programme: Programme) -> str:
    shelf = "rehearsals" if programme.rehearsal else "interviews"
    held = timezone.localtime(programme.planned_start)
    # The date for people; the end of the id, which is chance, to tell two of one day apart. ASCII survives every copy program.
    return f"{shelf}/{held:%Y}/{held:%m%d}-{programme.pk.hex[-12:]}"
