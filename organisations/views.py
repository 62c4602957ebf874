"""The registry as editors see it: the list, and the door for a table."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from organisations.forms import ImportForm
from organisations.importing import import_csv
from organisations.models import Organisation
from organisations.registry import may_keep


@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """List every organisation; import a table and say what came of it, line by line."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    may_keep(request.user)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    report = None
    if request.method == "POST" and form.is_valid():
        report = import_csv(form.cleaned_data["table"], by=request.user)
    listed = Organisation.objects.select_related("parent").order_by("kind", "name")
    status = 422 if request.method == "POST" and (report is None or report.errors) else 200
    return render(request, "organisations/organisations.html", {"organisations": listed, "form": form, "report": report}, status=status)
