"""The people of a programme: guests with post and portrait, and the seats from which everybody works."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from interview import guests, seats
from interview.forms import GuestForm, SeatForm, checked
from interview.models import Guest, Programme, Seat
from interview.views.admission import person
from interview.views.outcomes import wants_json
from interview.views.planning import only_editors, page, planned, refuse
from interview.views.refusals import answers_refusals
from realtime.commands import Refused


@require_POST
@only_editors
def guest_add(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """One more guest, behind the others."""
    form = GuestForm(request.POST, request.FILES)
    try:
        guest = guests.invite(programme=programme, by=person(request), **checked(form))
    except Refused as refused:
        return refuse(request, programme, refused, guest_form=form)
    return planned(request, programme, _("嘉宾%(name)s已加入。") % {"name": guest.name})


@require_POST
@only_editors
def guest_change(request: HttpRequest, *, programme: Programme, guest_id: UUID) -> HttpResponse:
    """The guest as now described; what was said before keeps the old name and post."""
    guest = _guest(programme, guest_id)
    form = GuestForm(request.POST, request.FILES, guest=guest)
    try:
        guests.describe(guest=guest, by=person(request), **checked(form))
    except Refused as refused:
        return refuse(request, programme, refused, changed_guest=form)
    return planned(request, programme, _("嘉宾%(name)s已修改。") % {"name": guest.name})


@require_POST
@only_editors
@answers_refusals
def guest_up(request: HttpRequest, *, programme: Programme, guest_id: UUID) -> HttpResponse:
    """The guest stands one place before."""
    guests.move_up(guest=_guest(programme, guest_id), by=person(request))
    return planned(request, programme, _("顺序已调整。"))


@require_POST
@only_editors
@answers_refusals
def guest_remove(request: HttpRequest, *, programme: Programme, guest_id: UUID) -> HttpResponse:
    """The guest and their seat are gone; refused once they have said something."""
    guest = _guest(programme, guest_id)
    guests.uninvite(guest=guest, by=person(request))
    return planned(request, programme, _("嘉宾%(name)s已移除。") % {"name": guest.name})


@never_cache
@require_POST
@only_editors
def seat_add(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """A seat for an account, or for a new one, whose first password is shown in this answer and never again."""
    form = SeatForm(request.POST, programme=programme)
    try:
        given = checked(form)
        place = {"programme": programme, "role": given["role"], "guest": given["guest"], "by": person(request)}
        if given["user"]:
            seat, password = seats.assign(user=given["user"], **place), ""
        else:
            seat, password = seats.welcome(username=given["username"], name=given["name"], **place)
    except Refused as refused:
        return refuse(request, programme, refused, seat_form=form)
    words = {"name": seat.user.name, "seat": seat.get_role_display()}
    if not password:
        return planned(request, programme, _("%(name)s已是本期的%(seat)s。") % words)
    # Not through a redirect: the password would have to wait in the session or in a cookie.
    newcomer = {"user": seat.user, "password": password}
    if wants_json(request):
        return planned(request, programme, _("账号已建立，%(name)s已是本期的%(seat)s。") % words, newcomer=newcomer)
    return page(request, programme, newcomer=newcomer)


@require_POST
@only_editors
@answers_refusals
def seat_remove(request: HttpRequest, *, programme: Programme, seat_id: UUID) -> HttpResponse:
    """The seat is taken back; what was said from it stays."""
    seat = get_object_or_404(Seat.objects.select_related("user"), pk=seat_id, programme=programme)
    seats.remove(seat=seat, by=person(request))
    return planned(request, programme, _("%(name)s不再是本期的%(seat)s。") % {"name": seat.user.name, "seat": seat.get_role_display()})


def _guest(programme: Programme, guest_id: UUID) -> Guest:
    return get_object_or_404(Guest.objects.select_related("programme"), pk=guest_id, programme=programme)
