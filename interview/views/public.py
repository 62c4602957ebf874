"""What everybody may read: the list of programmes, and one programme from its announcement to its transcript."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from accounts import visitors
from interview import calendar, programmes, qr, renderings, shuffle, transcript
from interview.models import Guest, Programme
from interview.seats import may_see_draft
from interview.states import WRAPPING_UP, ProgrammeState
from interview.topics import STAGE
from interview.transcript import Position
from realtime.topics import TOPICS_LIMIT

# One screen and a half of the list on a desk.
PAST_PER_PAGE = 20
# A programme's address does not change; a poster may be printed from it.
QR_SECONDS = 24 * 3600


@dataclass(frozen=True)
class LiveCard:
    """A programme on air as the list shows it: the page joins its topic, if it has one, from this position to tell how many read."""

    programme: Programme
    topic: str | None
    position: Position | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """On air, coming, and one year of the past."""
    years = programmes.years()
    # Compared as text: what anybody may write into an address need not be a number, or a sensible one.
    asked = {str(year): year for year in years}.get(request.GET.get("year", ""))
    year = asked or (years[0] if years else None)
    past = Paginator(programmes.past_of(year), PAST_PER_PAGE).get_page(request.GET.get("page")) if year else None
    context = {"live": _cards(), "coming": programmes.coming(), "past": past, "years": years, "year": year}
    response = render(request, "interview/home.html", context)
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The programme in its state: announcement, live page, or transcript. A draft exists for its editors and seats only."""
    known = _find(request, programme_id)
    # The position first, then the content: the other way loses what falls between.
    position = transcript.position(known)
    shown = get_object_or_404(_with_people(), pk=known.pk)
    # The cookie comes with this answer at the latest; by it the waiting questions may be shuffled.
    carrier = HttpResponse()
    visitor = visitors.ensure(request, carrier) if shown.takes_questions else None
    context: dict[str, Any] = {
        "programme": shown,
        "guests": shown.guests.all(),
        **_waiting(shown, position, visitor),
        "topic": STAGE.name(str(shown.pk)),
        "position": position,
        "url": request.build_absolute_uri(shown.get_absolute_url()),
    }
    template = "interview/announcement.html"
    if shown.is_live or shown.state in WRAPPING_UP:
        context |= _transcript(request, shown, position)
        template = "interview/live.html" if shown.is_live else "interview/ended.html"
    response = render(request, template, context)
    patch_cache_control(response, no_cache=True)
    if shown.takes_questions or request.user.is_authenticated:
        patch_cache_control(response, private=True)
    if visitor is not None:
        response.cookies.update(carrier.cookies)
        patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def calendar_file(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The programme for a calendar program."""
    known = _find(request, programme_id)
    content = calendar.write(known, url=request.build_absolute_uri(known.get_absolute_url()))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="interview-{timezone.localtime(known.planned_start):%Y%m%d}.ics"'
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
def qr_code(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The address of the programme's page as a picture to photograph."""
    known = _find(request, programme_id)
    content = qr.draw(request.build_absolute_uri(known.get_absolute_url()))
    response = HttpResponse(content, content_type="image/svg+xml")
    patch_cache_control(response, max_age=QR_SECONDS)
    return response


def _cards() -> list[LiveCard]:
    on_air = list(programmes.live())
    # A page has one socket: the others are listed without what comes over it.
    followed = on_air[:TOPICS_LIMIT]
    positions = transcript.positions(each.pk for each in followed)
    cards = [LiveCard(each, STAGE.name(str(each.pk)), positions[each.pk]) for each in followed]
    return cards + [LiveCard(each, None, None) for each in on_air[TOPICS_LIMIT:]]


def _find(request: HttpRequest, programme_id: UUID) -> Programme:
    known = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id)
    user = request.user if known.state == ProgrammeState.DRAFT else None
    if known.is_public or (user and user.is_authenticated and may_see_draft(user, known.pk)):
        return known
    raise Http404


def _with_people() -> Any:
    guests = Guest.objects.select_related("organisation").prefetch_related("seats")
    return Programme.objects.select_related("unit").prefetch_related(Prefetch("guests", queryset=guests))


def _waiting(shown: Programme, position: Position, visitor: str | None) -> dict[str, Any]:
    """The waiting questions by number; while nobody may know what many want, in an order of this visitor's own."""
    rows = renderings.waiting(shown, position)
    seed = shuffle.seed(visitor or "", shown.pk) if shown.hides_supports else ""
    if seed:
        rows = sorted(rows, key=lambda row: shuffle.place(seed, row[0]))
    return {"waiting": [html for _id, html in rows], "seed": seed}


def _transcript(request: HttpRequest, shown: Programme, position: Position) -> dict[str, Any]:
    newest_first = request.GET.get("order", "newest" if shown.is_live else "oldest") == "newest"
    found = renderings.transcript(shown, position, newest_first=newest_first)
    return {
        "entries": found.entries,
        "newest_first": newest_first,
        "guests_only": request.GET.get("voices") == "guests",
        "answered": found.answered,
    }
