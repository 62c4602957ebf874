"""One entry of the transcript, corrected or withdrawn in the open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview import entries, transcript
from interview.models import Entry, Programme
from interview.views.admission import person
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals, origin
from interview.views.typist import only_typist


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
@answers_refusals
def revise_entry(request: HttpRequest, *, programme: Programme, position: int) -> HttpResponse:
    """Correct an entry; readers can open the earlier words. `seen` is the revision the corrector had before them."""
    seen = request.POST.get("seen", "")
    transcript.revise(
        entry=_entry(programme, position),
        text=request.POST.get("text", ""),
        reason=request.POST.get("reason", ""),
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0,
        by=person(request),
    )
    return done(request, _("第%(position)s条已修订，读者看得到修订前的文字。") % {"position": position}, to=_typist(programme))


@require_POST
@only_typist
@answers_refusals
def withdraw_entry(request: HttpRequest, *, programme: Programme, position: int) -> HttpResponse:
    """Withdraw an entry; a trace with the reason stays."""
    transcript.withdraw(entry=_entry(programme, position), reason=request.POST.get("reason", ""), by=person(request))
    return done(request, _("第%(position)s条已撤下，只留下撤下的原因。") % {"position": position}, to=_typist(programme))


def _entry(programme: Programme, position: int) -> Entry:
    return get_object_or_404(entries.of(programme), position=position)


def _typist(programme: Programme) -> str:
    return reverse("typist", args=[programme.pk])
