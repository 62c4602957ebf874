"""Proofreading after the close: every entry, what is owed, and the way into the archive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.roles import is_editor
from interview import answers, entries, questions
from interview.models import Programme
from interview.views.admission import admits, person
from interview.views.host import question_of
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals


def _edits(user: User, _programme_id: object) -> bool:
    return is_editor(user)


_only_editor = admits(_edits, only=gettext_lazy("编辑"))


@require_safe
@never_cache
@_only_editor
def proof(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The whole transcript with a way to correct each entry, and the questions that are owed."""
    states = dict.fromkeys(("received", "approved", "declined", "owed", "answered", "withdrawn"), 0)
    for state in programme.questions.values_list("state", flat=True):
        states[state] += 1
    context = {"programme": programme, "entries": entries.of(programme), "owed": questions.waiting(programme), "states": states}
    return render(request, "interview/staff/proof.html", context)


@require_POST
@_only_editor
@answers_refusals
def answer_in_writing(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Enter the unit's written reply to an owed question."""
    question = question_of(programme, request.POST.get("question", ""))
    answers.answer_in_writing(question=question, text=request.POST.get(f"text-{question.pk}", ""), by=person(request))
    return done(request, _("提问 %(label)s 的书面答复已发布。") % {"label": question.label}, to=reverse("proof", args=[programme.pk]))
