"""Every address of the site; each app tells its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve

from operations.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("interview.urls")),
    path("", include("moderation.urls")),
    path("", include("archive.urls")),
    path("", include("accounts.urls")),
    path("", include("organisations.urls")),
    path("healthz", health, name="health"),
    # A web server in front may serve these itself; without one the application does.
    re_path(r"^media/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
]
