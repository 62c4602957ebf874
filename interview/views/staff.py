"""The start of the day: what the person at this desk can do now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import is_editor
from interview import rooms
from interview.states import WRAPPING_UP, ProgrammeState
from interview.views.admission import to_sign_in

OVER = {*WRAPPING_UP, ProgrammeState.CANCELLED}


@require_safe
@never_cache
def staff(request: HttpRequest) -> HttpResponse:
    """The seats of whoever is signed in, the most urgent first; for editors every programme, by state."""
    if not isinstance(request.user, User):
        return to_sign_in(request)
    edits = is_editor(request.user)
    works = rooms.work_of_editors() if edits else rooms.work_of(request.user)
    first = next((work for work in works if work.step and work.programme.state != ProgrammeState.ARCHIVED), None)
    context = {
        "edits": edits,
        "first": first,
        "current": [work for work in works if work is not first and work.programme.state not in OVER],
        "over": [work for work in works if work is not first and work.programme.state in OVER],
    }
    return render(request, "interview/staff/home.html", context)
