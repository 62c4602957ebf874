"""Proofreading after the close: every entry, what is owed, and the way into the archive."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.roles import is_editor
from interview import answers, entries, questions
from interview.models import Programme, Question
from interview.states import QuestionState
from interview.views.admission import admits, person
from interview.views.named import question_of
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, as_json
from realtime.commands import Refused


def _edits(user: User, _programme_id: object) -> bool:
    return is_editor(user)


_only_editor = admits(_edits, only=gettext_lazy("编辑"))


@require_safe
@never_cache
@_only_editor
def proof(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The whole transcript, each entry to be corrected where it stands, and the questions that are owed."""
    return _page(request, programme)


@require_POST
@_only_editor
def answer_in_writing(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Enter the unit's written reply to an owed question."""
    key = request.POST.get("question", "")
    text = request.POST.get(f"text-{key}", "")
    try:
        question = question_of(programme, key)
        answers.answer_in_writing(question=question, text=text, by=person(request))
    except Refused as refused:
        if wants_json(request):
            return as_json(refused)
        return _page(request, programme, refused=refused, typed=text, question=key)
    detail = _("提问 %(label)s 的书面答复已发布。") % {"label": question.label}
    return done(request, detail, to=reverse("proof", args=[programme.pk]), html=_answered(request, question))


def _page(
    request: HttpRequest, programme: Programme, *, refused: Refused | None = None, typed: str = "", question: str = ""
) -> HttpResponse:
    context = {
        "programme": programme,
        "entries": sorted(entries.of(programme), key=lambda entry: entry.order),
        "owed": [(row, typed if str(row.pk) == question else "") for row in questions.waiting(programme)],
        "states": _states(programme),
        "refused": refused,
    }
    return render(request, "interview/staff/proof.html", context, status=STATUS.get(refused.code, 400) if refused else 200)


def _answered(request: HttpRequest, question: Question) -> str:
    """What the answer changes on the page: the question is no longer owed, two entries are new, the counts moved."""
    if not wants_json(request):
        return ""
    programme = question.programme
    rows = [{"entry": entry, "programme": programme} for entry in entries.of(programme).filter(question=question)]
    parts = [render_to_string("interview/staff/proof_row.html", row, request) for row in rows]
    counts = render_to_string("interview/staff/proof_counts.html", {"programme": programme, "states": _states(programme)}, request)
    return format_html('<li id="owed-{}" data-gone></li>', question.pk) + counts + "".join(parts)


def _states(programme: Programme) -> dict[str, int]:
    counted = Counter(programme.questions.values_list("state", flat=True))
    return {state: counted[state] for state in QuestionState}
