"""The way into a staff page: who may come in, and what the others are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise

from accounts.models import User
from interview.models import Programme
from interview.seats import may_see_draft
from interview.views.outcomes import wants_json
from interview.views.refusals import as_json
from realtime.commands import Refused

May = Callable[[User | None, object], bool]
View = Callable[Concatenate[HttpRequest, Programme, ...], HttpResponse]


def entrance(may: May, sentence: str | Promise) -> Callable[[View], Callable[..., HttpResponse]]:
    """Let in whoever `may(user, programme id)`; the view gets the programme in place of its id.

    A stranger is sent to the sign-in page and back; other accounts get a 403 with the sentence, or a 404 for a draft they do
    not know of.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, programme_id: UUID, **words: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if wants_json(request):
                    return as_json(Refused("signed_out", "登录已过期，这一步没有执行。请重新登录。"))
                return redirect_to_login(request.get_full_path())
            user = person(request)
            programme = get_object_or_404(Programme.objects.select_related("unit"), pk=programme_id)
            if not may(user, programme.pk):
                if not programme.is_public and not may_see_draft(user, programme.pk):
                    raise Http404
                raise PermissionDenied(sentence)
            response = view(request, programme, **words)
            patch_cache_control(response, no_store=True, private=True)
            return response

        return guarded

    return decorate


def person(request: HttpRequest) -> User:
    """The account behind a request that came through the entrance."""
    if not isinstance(request.user, User) or not request.user.is_active:
        raise PermissionDenied
    return request.user
