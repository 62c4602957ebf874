"""The moderators' page of supports that look stuffed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interview.models import Programme
from interview.text import number_of
from interview.views.admission import person
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals
from moderation import series
from moderation.models import Record
from moderation.views.moderators import only_moderators
from realtime.commands import Refused

LISTED = 30


@require_safe
@never_cache
@only_moderators
def listed(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The suspicious series, and what was struck out lately."""
    context = {
        "programme": programme,
        "found": series.find(programme),
        "rules": list(series.RULES.values()),
        "struck": [(row, len(row.data["supports"])) for row in series.struck_in(programme, most=LISTED)],
    }
    return render(request, "moderation/series.html", context)


@require_POST
@only_moderators
@answers_refusals
def strike(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The chosen series no longer count."""
    count = series.strike(programme=programme, keys=request.POST.getlist("series"), by=person(request))
    return done(request, _("已剔除%(count)d次同问，人数已重新计算。") % {"count": count}, to=reverse("supports", args=[programme.pk]))


@require_POST
@only_moderators
@answers_refusals
def restore(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """What was struck out at one time counts again."""
    # Rows are numbered from 1.
    number = number_of(request.POST.get("record", ""), digits=8) or 0
    record = Record.objects.filter(programme=programme, number=number).select_related("question__programme").first()
    if record is None:
        raise Refused("not_found", "没有找到这一次剔除，可能页面已经过时。请刷新页面。")
    count = series.restore(record=record, by=person(request))
    return done(request, _("已恢复%(count)d次同问，人数已重新计算。") % {"count": count}, to=reverse("supports", args=[programme.pk]))
