"""The portal's folder: written when a programme is archived, and again after every correction, whole or not at all."""

import logging
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import is_editor
from archive import feeds, folder, page, publications, shelf, storage
from archive.edition import Edition, gather
from archive.models import Publication
from interview import schedule, transcript
from interview.models import Programme
from interview.programmes import locked
from interview.seats import must
from interview.states import WRAPPING_UP, ProgrammeState
from realtime.commands import Refused

log = logging.getLogger(__name__)

# How often an edition that was corrected while it was being written is made anew before the editor is asked to come back.
_EDITIONS = 5


class _Overtaken(Exception):
    """Something was published between reading the edition and putting it in place."""


def publish(*, programme: Programme, by: User) -> Publication:
    """Archive the programme: its folder, the index and the feed are on the disk, and its state is archived.

    Both or neither: when the files cannot be written the state stays as it was, and what was archived before stays whole.
    An archived programme is written again. Raises Refused: forbidden, conflict (not ended yet, or somebody is writing),
    storage (no room, not writable; the sentence says where and what to do).
    """
    must(is_editor(by), "只有编辑可以归档。")
    _require_ended(Programme.objects.get(pk=programme.pk))
    publication = _write_safely(programme, by=by)
    _write_neighbours(publication)
    return publication


def write_stale(*, programme_id: str | None = None) -> int:
    """Write every archived folder that is out of date, or the one named if it is; returns how many were written.

    May run any number of times at once. What cannot be written is logged, noted in its Publication and tried again next time.
    """
    written = 0
    for programme in list(publications.stale(programme_id=programme_id)):
        written += rewrite(programme)
    return written


def rewrite(programme: Programme) -> bool:
    """Write an archived programme's folder again, by nobody in particular; False (and a line in the log) if it could not be."""
    try:
        publication = _write_safely(programme, by=None)
    except Refused as refusal:
        log.error("the archive of %s could not be written again: %s", programme.pk, refusal)  # noqa: TRY400 - the sentence is the cause
        return False
    _write_neighbours(publication)
    return True


def _write_neighbours(publication: Publication) -> None:
    """The folders beside a new one link to it from now on; if they cannot be written now, they stay due."""
    for neighbour in publications.beside(publication):
        if neighbour is not None and neighbour.due:
            try:
                _write_safely(neighbour.programme, by=None)
            except Refused as refusal:
                log.warning("the link to %s is not in %s yet: %s", publication.folder, neighbour.folder, refusal)


def _write_safely(programme: Programme, *, by: User | None) -> Publication:
    root = Path(settings.PORTAL_ROOT)
    try:
        with shelf.locked(root):
            return _write(programme, by=by, root=root)
    except shelf.Busy:
        raise storage.explain_busy() from None
    except (OSError, DatabaseError) as error:
        if isinstance(error, DatabaseError) and not storage.is_full(error):
            raise
        refusal = storage.explain(error, root=root)
        log.error("the archive of %s was not written to %s: %s", programme.pk, root, error)  # noqa: TRY400 - told in one line
        _note(programme, refusal)
        raise refusal from error


def _write(programme: Programme, *, by: User | None, root: Path) -> Publication:
    # Files are in the language and the zone of the site, whoever asked for them.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(timezone.get_default_timezone()):
        for _attempt in range(_EDITIONS):
            try:
                return _write_edition(gather(programme), by=by, root=root)
            except _Overtaken:
                continue
    raise Refused("conflict", "归档时实录又有更正，请再点一次“归档”。")


def _write_edition(edition: Edition, *, by: User | None, root: Path) -> Publication:
    publication = publications.of(edition.programme)
    is_new = not publication.is_written
    previous, following = publications.beside(publication)
    publication.by = by or publication.by
    with shelf.Draft(root) as draft:
        folder.write(draft, edition, publication, previous=previous, following=following, now=timezone.now())
        with transaction.atomic():
            _settle(edition, publication, by=by)
            if is_new:
                Publication.objects.filter(pk__in=[other.pk for other in (previous, following) if other]).update(due=True)
            listed = list(publications.listed())
            draft.write("index.html", page.render_index(listed))
            draft.write("feed.xml", feeds.write(listed))
            draft.write("style.css", page.style())
            # Last of all: if the commit fails, leaving the draft puts the old files back.
            draft.place(publication.folder, "index.html", "feed.xml", "style.css")
    return publication


def _settle(edition: Edition, publication: Publication, *, by: User | None) -> None:
    """In the transaction: the programme is archived as this edition shows it, and the row says what is being written."""
    held = locked(edition.programme)
    _require_ended(held)
    # Whoever publishes holds the same lock: from here to the commit the stage stands still.
    if transcript.position(held) != edition.position:
        raise _Overtaken
    if held.state != ProgrammeState.ARCHIVED:
        if by is None:
            raise Refused("forbidden", "只有编辑可以归档。")
        schedule.archive(programme=held, by=by)
    publication.epoch, publication.number = transcript.position(held)
    publication.save()


def _require_ended(programme: Programme) -> None:
    if programme.state not in WRAPPING_UP:
        raise Refused("conflict", f"访谈现在是“{programme.get_state_display()}”，结束以后才能归档。")


def _note(programme: Programme, refusal: Refused) -> None:
    """Keep the trouble where the editors see it; the files and the state stay as they were."""
    try:
        publication = publications.of(programme)
        publication.error, publication.tried_at = refusal.detail, timezone.now()
        publication.save(update_fields=["error", "tried_at"])
    except DatabaseError as error:
        # The database may be on the same full disk; the editor is told all the same.
        log.error("the trouble could not be noted: %s", error)  # noqa: TRY400 - told in one line
