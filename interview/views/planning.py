"""The editor's plan of a programme: what, when, with whom; announced, put off, called off."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.roles import is_editor
from interview import schedule
from interview.forms import GuestForm, NoticeForm, ProgrammeForm, SeatForm, checked
from interview.models import Programme, Seat
from interview.states import ProgrammeState
from interview.views.admission import admits, admits_editors, person
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, answers_refusals, as_json
from organisations.models import Organisation
from realtime.commands import Refused


def _edits(user: User, _programme_id: object) -> bool:
    return is_editor(user)


# What a change of the plan changes on its page besides the plan itself.
PARTS = ("staff/programme_place", "interview/staff/plan_cover", "interview/staff/plan_parts")

only_editors = admits(_edits, only=gettext_lazy("编辑"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@admits_editors
def plan_new(request: HttpRequest) -> HttpResponse:
    """The empty form; once it is filled, the draft and its plan."""
    form = ProgrammeForm()
    if request.method == "POST":
        form = ProgrammeForm(request.POST, request.FILES)
        try:
            programme = schedule.create(by=person(request), **checked(form))
        except Refused as refused:
            return refuse(request, None, refused, form=form)
        address = reverse("plan", args=[programme.pk])
        return done(request, _("草稿已建立，只有编辑看得到。接下来邀请嘉宾、安排席位。"), to=address, address=address)
    return page(request, None, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_editors
def plan(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The plan as it is; changed, it is seen at once by whoever may see the programme."""
    if request.method != "POST":
        return page(request, programme)
    form = ProgrammeForm(request.POST, request.FILES, programme=programme)
    try:
        changed = schedule.plan(programme=programme, by=person(request), **checked(form))
    except Refused as refused:
        return refuse(request, programme, refused, form=form)
    detail = _("已保存，公众页面已更新。") if changed.is_public else _("已保存。")
    return planned(request, changed, detail)


@require_POST
@only_editors
@answers_refusals
def announce(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The programme is public and takes questions."""
    announced = schedule.announce(programme=programme, by=person(request))
    return planned(request, announced, _("预告已发布，网友现在可以提问。"))


@require_POST
@only_editors
def postpone(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The programme is put off, with a notice and perhaps the new time."""
    form = NoticeForm(request.POST, auto_id="postpone-%s")
    try:
        moved = schedule.postpone(programme=programme, by=person(request), **checked(form))
    except Refused as refused:
        return refuse(request, programme, refused, postpone_form=form)
    return planned(request, moved, _("已延期，公告已发布，收到的提问都保留。定好时间后请重新预告。"))


@require_POST
@only_editors
def cancel(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The programme is called off, with a notice."""
    form = NoticeForm(request.POST, auto_id="cancel-%s")
    try:
        moved = schedule.cancel(programme=programme, by=person(request), notice=checked(form)["notice"])
    except Refused as refused:
        return refuse(request, programme, refused, cancel_form=form)
    return planned(request, moved, _("已取消，公告已发布，收到的提问都保留。"))


def page(request: HttpRequest, programme: Programme | None, *, status: int = 200, **given: Any) -> HttpResponse:
    """The page of a plan; `given` are bound forms with what was typed, and what else the templates take in place of the usual."""
    context = {"organisations": Organisation.objects.order_by("name"), "form": ProgrammeForm(programme=programme)}
    if programme is not None:
        context |= _parts(programme)
    return render(request, "interview/staff/plan.html", context | given, status=status)


def planned(request: HttpRequest, programme: Programme, detail: str, **given: Any) -> HttpResponse:
    """Answer a change of the plan: a script gets what stands beside the plan as fragments, a plain form the page."""
    html = ""
    if wants_json(request):
        place = {"place": reverse("plan", args=[programme.pk]), "form": ProgrammeForm(programme=programme)}
        context = _parts(programme) | place | given
        html = "".join(render_to_string(f"{part}.html", context, request) for part in PARTS)
    return done(request, detail, to=reverse("plan", args=[programme.pk]), html=html)


def refuse(request: HttpRequest, programme: Programme | None, refused: Refused, **forms: BaseForm) -> HttpResponse:
    """Answer a refusal with everything typed still in its form, each complaint beside its field, the cursor in the first of them."""
    if wants_json(request):
        return as_json(refused)
    for form in forms.values():
        for name, messages in (refused.fields or {}).items():
            if name in form.fields and not form.has_error(name):
                form.add_error(name, messages)
        first = next((field for name, field in form.fields.items() if form.has_error(name)), None)
        if first is not None:
            first.widget.attrs["autofocus"] = True
    return page(request, programme, status=STATUS.get(refused.code, 400), refused=refused, **forms)


def _parts(programme: Programme) -> dict[str, Any]:
    guests = list(programme.guests.select_related("organisation").prefetch_related("seats__user"))
    state = ProgrammeState(programme.state)
    return {
        "programme": programme,
        "warnings": schedule.warnings(programme),
        "guests": [(guest, GuestForm(guest=guest)) for guest in guests],
        "guest_form": GuestForm(initial_organisation=programme.unit),
        "seats": programme.seats.exclude(role=Seat.Role.GUEST).select_related("user").order_by("role", "id"),
        "seat_form": SeatForm(programme=programme),
        "accounts": User.objects.filter(is_active=True).order_by("name"),
        "may_announce": state in {ProgrammeState.DRAFT, ProgrammeState.POSTPONED},
        "may_postpone": state == ProgrammeState.ANNOUNCED,
        "may_cancel": state in {ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED, ProgrammeState.POSTPONED},
        "fixed": state in {ProgrammeState.ENDED, ProgrammeState.ARCHIVED, ProgrammeState.CANCELLED},
        "postpone_form": NoticeForm(auto_id="postpone-%s"),
        "cancel_form": NoticeForm(auto_id="cancel-%s"),
    }
