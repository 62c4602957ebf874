"""The page on which editors say what askers read for each reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from interview.views.admission import admits_editors, person
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, as_json
from moderation import reason_texts
from moderation.reasons import WORDS_LIMIT
from realtime.commands import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@admits_editors
def reasons(request: HttpRequest) -> HttpResponse:
    """All reasons with their words, each a form of its own."""
    if request.method != "POST":
        return _page(request)
    given = {name: request.POST.get(name, "") for name in ("reason", "chinese", "english")}
    try:
        text = reason_texts.change(**given, by=person(request))
    except Refused as refused:
        return as_json(refused) if wants_json(request) else _page(request, refused=refused, given=given)
    return done(request, _("“%(reason)s”的文字已保存，从下一次审核起使用。") % {"reason": text.reason.label}, to=reverse("reason_texts"))


def _page(request: HttpRequest, *, refused: Refused | None = None, given: dict[str, str] | None = None) -> HttpResponse:
    context = {"texts": reason_texts.texts(), "limit": WORDS_LIMIT, "refused": refused, "given": given}
    return render(request, "moderation/reason_texts.html", context, status=STATUS[refused.code] if refused else 200)
