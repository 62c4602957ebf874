"""The engine as a site of its own, for real servers: topics anyone may read, a command that publishes, and a clock in a hurry."""

import functools
import os
from typing import Any

import django
import msgspec
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.realtime.site_settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from realtime import publishing, window  # noqa: E402
from realtime.commands import Command  # noqa: E402
from realtime.consumers import LiveConsumer  # noqa: E402
from realtime.hub import Hub  # noqa: E402
from realtime.rounds import Pace  # noqa: E402
from realtime.topics import TopicPattern, TopicTable  # noqa: E402

if os.environ.get("SITE_IS_NEW"):
    call_command("migrate", verbosity=0)
# Nobody wants to wait long for the end of a slow reader; the poll keeps its pace, on which the promise for a lost bell stands.
window.DEADLINE = 4.0
PACE = Pace(tick=0.2, beat=5)


class Publish(msgspec.Struct, tag_field="op", tag="publish", forbid_unknown_fields=True):
    ref: int
    topic: str
    count: int = 1
    size: int = 1


def publish(_caller: None, frame: Publish) -> dict[str, Any]:
    with transaction.atomic():
        numbers = [publishing.publish(topic=frame.topic, kind="said", data={}, html="x" * frame.size) for _ in range(frame.count)]
    return {"number": numbers[-1]}


live = LiveConsumer.as_asgi(
    topics=TopicTable([TopicPattern("stage", lambda _caller, _key: True, public=lambda _key: True)]),
    commands=[Command(Publish, publish)],
    caller=lambda _scope: None,
    hub=functools.cache(lambda: Hub(PACE)),
)
application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/", live)])})
