"""What everybody may know of the screening of a programme, and what auditors take away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview.models import Programme
from interview.states import PUBLIC
from interview.views.admission import admits_editors, person
from interview.views.refusals import answers_refusals
from moderation import counts, export

# The page of a crowded interview is asked for by many at once; nobody misses anything in this time.
SECONDS = 10


@require_safe
def screening(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Count what became of the questions, for people; with ?format=json for programs."""
    programme = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id, state__in=PUBLIC)
    found = counts.of(programme)
    if request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse(counts.as_data(found))
    else:
        response = render(request, "moderation/counts.html", {"programme": programme, "counts": found})
    patch_cache_control(response, max_age=SECONDS)
    return response


@require_POST
@never_cache
@admits_editors
@answers_refusals
def records(request: HttpRequest, programme_id: UUID | None = None) -> HttpResponse:
    """The record of one programme, or of the whole site, as CSV. A POST, because taking it away is recorded."""
    programme = get_object_or_404(Programme, pk=programme_id) if programme_id else None
    table = export.begin(programme=programme, by=person(request))
    response = HttpResponse((line.encode() for line in table), content_type="text/csv; charset=utf-8")
    name = f"records-{timezone.localtime(programme.planned_start):%Y%m%d}-{str(programme.pk)[:8]}" if programme else "records-site"
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
