"""Who is let into a room of a programme: signed in, allowed to know of it, and seated for what the room is for."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Programme
from interview.seats import may_see_draft
from interview.views.outcomes import wants_json
from interview.views.refusals import View, as_json, origin
from realtime.commands import Refused

Rule = Callable[[User, UUID | str], bool]
StrOrPromise = str | Promise


def admits(rule: Rule, *, only: StrOrPromise) -> Callable[[View], View]:
    """Decorate a view of one programme: it is called with `programme` instead of `programme_id`.

    Strangers go to the sign-in page and back; who may not know of a draft gets 404; who has no right here reads who has
    (`only`, a phrase) and whom to ask.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *, programme_id: UUID, **kwargs: object) -> HttpResponse:
            if not isinstance(request.user, User):
                return to_sign_in(request)
            programme = Programme.objects.select_related("unit", "created_by").filter(pk=programme_id).first()
            if programme is None or not (programme.is_public or may_see_draft(request.user, programme.pk)):
                return _unknown(request)
            if not rule(request.user, programme.pk):
                return turn_away(request, only=only, programme=programme)
            return view(request, programme=programme, **kwargs)

        return guarded

    return decorate


def admits_editors(view: View) -> View:
    """Decorate a view of the whole site that only editors may use."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User):
            return to_sign_in(request)
        if not is_editor(request.user):
            return turn_away(request, only=_("编辑"))
        return view(request, **kwargs)

    return guarded


def person(request: HttpRequest) -> User:
    """The account behind a request that was let in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page, and afterwards back to the page they were on."""
    if wants_json(request):
        return as_json(Refused("signed_out", _("登录已失效，没有执行。请在新窗口重新登录，再回到这里重试；您写的文字都还在。")))
    return redirect_to_login(request.get_full_path() if request.method == "GET" else origin(request))


def turn_away(request: HttpRequest, *, only: StrOrPromise, programme: Programme | None = None) -> HttpResponse:
    """Say whom this is for, and who can give the right."""
    detail = _("这里只供%(who)s使用。") % {"who": only}
    if wants_json(request):
        return as_json(Refused("forbidden", detail))
    owner = programme.created_by if programme else None
    return render(request, "staff/forbidden.html", {"detail": detail, "owner": owner, "programme": programme}, status=403)


def _unknown(request: HttpRequest) -> HttpResponse:
    detail = _("没有找到这期访谈。")
    if wants_json(request):
        return as_json(Refused("not_found", detail))
    raise Http404(detail)
