"""Archiving by an editor's button, and the portal's folder read-only where no web server serves it."""

from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.static import was_modified_since

from accounts.models import User
from accounts.roles import is_editor
from archive import portal
from interview.models import Programme
from interview.views.admission import admits
from interview.views.outcomes import done
from interview.views.refusals import answers_refusals

INDEX = "index.html"
# What the archive writes and nothing else; a page of ours is never guessed to be something that runs.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".sha256": "text/plain; charset=utf-8",
    ".xml": "application/atom+xml; charset=utf-8",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
# A correction reaches the archive within a minute; nobody reads an older one for longer than that again.
_CACHE = "public, max-age=60"
# Text, its style and its pictures: an archived page runs nothing, sends nothing and is no part of another page.
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


def _may_archive(user: User | None, _programme_id: object) -> bool:
    return is_editor(user)


@require_POST
@admits(_may_archive, only=gettext_lazy("编辑"))
@answers_refusals
def archive(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Archive a programme that has ended, or write an archived one again."""
    assert isinstance(request.user, User)
    publication = portal.publish(programme=programme, by=request.user)
    detail = _("已归档，网页和数据文件已写入门户目录：%(folder)s。") % {"folder": publication.folder}
    address = reverse("archive_file", args=[f"{publication.folder}/{INDEX}"])
    return done(request, detail, to=reverse("proof", args=[programme.pk]), address=address)


@require_safe
def archive_file(request: HttpRequest, path: str = "") -> HttpResponse:
    """One file of the portal's folder; a folder shows its index.html, never a list of what is in it."""
    file = _find(path)
    if file.is_dir():
        file /= INDEX
        if path and not path.endswith("/") and file.is_file():
            # Relative links of the page need the slash.
            return HttpResponseRedirect(reverse("archive_file", args=[f"{path}/"]))
    kind = _TYPES.get(file.suffix)
    if kind is None or not file.is_file():
        _nothing()
    changed = file.stat().st_mtime
    if not was_modified_since(request.headers.get("If-Modified-Since"), changed):
        return HttpResponseNotModified()
    response = HttpResponse(file.read_bytes(), content_type=kind)
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = _CACHE
    response["Content-Security-Policy"] = _POLICY
    return response


def _find(path: str) -> Path:
    root = Path(settings.PORTAL_ROOT).resolve()
    # Nothing hidden, nothing above: also not what a crash may have left in the workshop.
    if "\0" in path or any(part.startswith(".") for part in path.split("/")):
        _nothing()
    try:
        file = (root / path.lstrip("/")).resolve(strict=True)
    except OSError:
        _nothing()
    # A link that leads out of the folder is not followed.
    if not file.is_relative_to(root) or (path.endswith("/") and not file.is_dir()):
        _nothing()
    return file


def _nothing() -> NoReturn:
    raise Http404(_("归档里没有这个文件。"))
