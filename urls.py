"""Every address of the site; each app tells its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve

from accounts import callers
from interview.topics import TOPICS as INTERVIEW_TOPICS
from moderation.topics import TOPICS as MODERATION_TOPICS
from operations.health import health
from realtime import segments
from realtime.topics import TopicTable

# One table for both doors to the log: asgi.py mounts it at the socket.
topics = TopicTable([*INTERVIEW_TOPICS, *MODERATION_TOPICS])

handler500 = "operations.outage.answer"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("interview.urls")),
    path("", include("moderation.urls")),
    path("", include("archive.urls")),
    path("", include("accounts.urls")),
    path("", include("organisations.urls")),
    path("log/", include(segments.urls(topics=topics, caller=callers.from_cookies))),
    path("healthz", health, name="health"),
    # A web server in front may serve these itself; without one the application does.
    re_path(r"^media/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
]
