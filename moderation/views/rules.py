"""The editors' page on which they say how a programme is moderated."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from interview.forms import checked
from interview.models import Programme
from interview.views.admission import person
from interview.views.outcomes import done
from interview.views.planning import only_editors
from interview.views.refusals import answers_refusals
from moderation import rules as rulebook
from moderation.forms import RulesForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_editors
@answers_refusals
def rules(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The rules as they are; sent, they hold at once."""
    if request.method == "POST":
        rulebook.change(programme=programme, by=person(request), **checked(RulesForm(request.POST)))
        return done(request, _("审核设置已保存，从现在起有效。"), to=reverse("rules", args=[programme.pk]))
    now = rulebook.of(programme)
    form = RulesForm(
        initial={name: getattr(now, name, None) for name in RulesForm.base_fields} | {"supports_hidden": programme.supports_hidden}
    )
    return render(request, "moderation/rules.html", {"programme": programme, "form": form})
