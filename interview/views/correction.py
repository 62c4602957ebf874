"""One entry of the transcript, corrected or withdrawn in the open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview import entries, transcript
from interview.models import Entry, Programme
from interview.text import number_of
from interview.views.admission import person
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, answers_refusals, as_json, origin
from interview.views.typist import only_typist
from realtime.commands import Refused


@require_safe
@never_cache
@only_typist
def entry(request: HttpRequest, *, programme: Programme, position: int) -> HttpResponse:
    """The entry with its words to correct, and the way to withdraw it."""
    return render(
        request, "interview/staff/entry.html", {"programme": programme, "entry": _entry(programme, position), "next": origin(request)}
    )


@require_POST
@only_typist
def revise_entry(request: HttpRequest, *, programme: Programme, position: int) -> HttpResponse:
    """Correct an entry; readers can open the earlier words. `seen` is the revision the corrector had before them."""
    seen = number_of(request.POST.get("seen", ""), digits=5)
    try:
        revised = transcript.revise(
            entry=_entry(programme, position),
            text=request.POST.get("text", ""),
            reason=request.POST.get("reason", ""),
            seen=seen or 0,
            by=person(request),
        )
    except Refused as refused:
        if wants_json(request):
            return as_json(refused)
        # Beside the words as they stand now, so that whoever was second can put both together.
        context = {"programme": programme, "entry": _entry(programme, position), "next": request.POST.get("next") or _typist(programme)}
        typed = {"refused": refused, "typed": request.POST}
        return render(request, "interview/staff/entry.html", context | typed, status=STATUS.get(refused.code, 400))
    detail = _("第%(position)s条已修订，读者看得到修订前的文字。") % {"position": position}
    return done(request, detail, to=_typist(programme), html=_row(request, revised))


@require_POST
@only_typist
@answers_refusals
def withdraw_entry(request: HttpRequest, *, programme: Programme, position: int) -> HttpResponse:
    """Withdraw an entry; a trace with the reason stays."""
    withdrawn = transcript.withdraw(entry=_entry(programme, position), reason=request.POST.get("reason", ""), by=person(request))
    detail = _("第%(position)s条已撤下，只留下撤下的原因。") % {"position": position}
    return done(request, detail, to=_typist(programme), html=_row(request, withdrawn))


def _row(request: HttpRequest, entry: Entry) -> str:
    context = {"entry": entry, "programme": entry.programme}
    return render_to_string("interview/staff/proof_row.html", context, request) if wants_json(request) else ""


def _entry(programme: Programme, position: int) -> Entry:
    return get_object_or_404(entries.of(programme), position=position)


def _typist(programme: Programme) -> str:
    return reverse("typist", args=[programme.pk])
