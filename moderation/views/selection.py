"""One step on a selection of the moderators' page; the answer lists what was done and what was not, and why."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interview.models import Programme
from interview.text import number_of
from interview.views.admission import person
from interview.views.outcomes import done, wants_json
from interview.views.refusals import answers_refusals
from moderation import bulk as selections
from moderation.bulk import Chosen
from moderation.models import Record
from moderation.views.moderators import SEEN_DIGITS, only_moderators
from realtime.commands import Refused

# More sentences than this nobody reads above a page; a script gets all of them.
SENTENCES = 10


@require_POST
@only_moderators
@answers_refusals
def bulk(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Carry out `act` on every `question` sent, each an id, or an id and the number of the wording seen: `id:2`."""
    act = request.POST.get("act", "")
    chosen = list(_chosen(request.POST.getlist("question")))
    words = {name: request.POST.get(name, "") for name in ("reason", "words")}
    outcomes = selections.carry_out(programme=programme, act=act, chosen=chosen, by=person(request), **words)
    carried = [{"id": str(outcome.key), "question": outcome.label} for outcome in outcomes if outcome.refused is None]
    refused = [
        {"id": str(outcome.key), "question": outcome.label, "code": outcome.refused.code, "detail": outcome.refused.detail}
        for outcome in outcomes
        if outcome.refused is not None
    ]
    label = Record.Action(act).label
    detail = _("%(act)s：%(done)d条已执行，%(refused)d条没有执行。") % {"act": label, "done": len(carried), "refused": len(refused)}
    if not wants_json(request):
        for row in refused[:SENTENCES]:
            messages.error(request, row["detail"])
    return done(request, detail, to=reverse("inbox", args=[programme.pk]), done=carried, refused=refused)


def _chosen(told: list[str]) -> Iterator[Chosen]:
    for text in told:
        key, _colon, seen = text.partition(":")
        try:
            yield Chosen(UUID(key), number_of(seen, digits=SEEN_DIGITS))
        except ValueError:
            raise Refused("not_found", "没有找到选择的提问，可能页面已经过时。请刷新页面。") from None
