"""The application as an ASGI server sees it: pages over HTTP, live topics over WebSocket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
# Loads the apps; what stands below needs them.
pages = get_asgi_application()

from accounts import callers  # noqa: E402
from moderation.commands import COMMANDS  # noqa: E402
from operations.origins import SameOrigin  # noqa: E402
from realtime.admission import Admission  # noqa: E402
from realtime.consumers import LiveConsumer  # noqa: E402
from urls import topics  # noqa: E402

live = LiveConsumer.as_asgi(topics=topics, commands=COMMANDS, caller=callers.from_scope)
sockets = Admission(
    URLRouter([path("ws/", live)]),
    sender=callers.sender,
    per_sender=settings.CONNECTIONS_PER_ADDRESS,
    total=settings.CONNECTIONS_TOTAL,
    per_second=settings.HANDSHAKES_PER_SECOND,
)

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": SameOrigin(sockets),
    }
)
