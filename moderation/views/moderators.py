"""What every POST of the moderators' page has in common: who may send it, which wording it saw, what it answers."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interview.models import Question
from interview.seats import may_moderate
from interview.text import number_of
from interview.views.admission import admits
from interview.views.outcomes import done

SEEN_DIGITS = 5  # no question has more wordings
only_moderators = admits(may_moderate, only=_("本期的审核员"))


def seen(request: HttpRequest) -> int | None:
    """The number of the wording that the page had, in the form or in its address; None where it told none. Nonsense is no number."""
    told = request.POST.get("seen", request.GET.get("seen"))
    if told is None:
        return None
    number = number_of(told, digits=SEEN_DIGITS)
    return -1 if number is None else number


def answered(request: HttpRequest, question: Question, sentence: str) -> HttpResponse:
    """Answer what was done to a question; `sentence` has the place %(label)s."""
    return done(request, sentence % {"label": question.label}, to=reverse("inbox", args=[question.programme_id]), question=question.label)
