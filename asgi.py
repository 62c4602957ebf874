"""The application as an ASGI server sees it: pages over HTTP, live topics over WebSocket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

from operations.origins import SameOrigin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
pages = get_asgi_application()

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": SameOrigin(URLRouter([])),
    }
)
