"""What every POST of the moderators' page has in common: who may send it, which wording it saw, what it answers."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interview.models import Question
from interview.seats import may_moderate
from interview.views.admission import admits
from interview.views.outcomes import done

only_moderators = admits(may_moderate, only=_("本期的审核员"))


def seen(request: HttpRequest) -> int | None:
    """The number of the wording that the page had, in the form or in its address; None where it told none. Nonsense is no number."""
    told = request.POST.get("seen", request.GET.get("seen"))
    if told is None:
        return None
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else -1


def answered(request: HttpRequest, question: Question, sentence: str) -> HttpResponse:
    """Answer what was done to a question; `sentence` has the place %(label)s."""
    return done(request, sentence % {"label": question.label}, to=reverse("inbox", args=[question.programme_id]), question=question.label)
