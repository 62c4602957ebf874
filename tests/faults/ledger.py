"""What is stored in the end: `make()` prepares a programme that takes questions, `read()` looks at its questions and logs."""

import json
from dataclasses import dataclass
from typing import Any

from tests.server import Server

# People of a test ask from one machine, and more often than people do.
UNLIMITED = dict.fromkeys(
    ("ASK_LIMITS_PER_VISITOR", "ASK_LIMITS_PER_ADDRESS", "ASK_LIMITS_PER_PROGRAMME", "ASK_PRESSURE"),
    "100000/minute",
)

_MAKE = """
from interview.states import ProgrammeState
from tests import scenes
programme = scenes.programme(state=ProgrammeState.LIVE)
moderator = scenes.seated(programme, "moderator")
moderator.set_password("a password for this test")
moderator.save()
print(programme.pk, moderator.username)
"""

_READ = """
import json
from interview.models import Programme
from realtime.models import Event, Topic
programme = Programme.objects.get(pk="{programme}")
questions = [
    {{"token": str(q.client_token), "number": q.label, "url": q.get_absolute_url(), "nickname": q.nickname, "text": q.text, "ordinal": q.number}}
    for q in programme.questions.select_related("programme").order_by("number")
]
logs = {{topic.name: [topic.head, list(topic.events.order_by("number").values_list("number", flat=True))] for topic in Topic.objects.all()}}
arrived = list(Event.objects.filter(topic__name=f"inbox:{{programme.pk}}", kind="question.arrived").order_by("number").values_list("data", flat=True))
print(json.dumps({{"questions": questions, "logs": logs, "arrived": [data["question"] for data in arrived], "received": programme.questions_received}}))
"""


@dataclass(frozen=True)
class Stage:
    """A live programme, and who may listen to its inbox."""

    programme: str
    moderator: str
    password: str = "a password for this test"

    @property
    def inbox(self) -> str:
        """The topic on which every question arrives."""
        return f"inbox:{self.programme}"


@dataclass(frozen=True)
class Ledger:
    """The questions of a programme in their order, every log as its head and its numbers, and the numbers that arrived."""

    questions: list[dict[str, Any]]
    logs: dict[str, tuple[int, list[int]]]
    arrived: list[str]
    received: int

    def broken(self) -> dict[str, int]:
        """What must not be in a database, whatever happened; every count should be 0."""
        labels = [row["number"] for row in self.questions]
        return {
            "logs with holes": sum(numbers != list(range(1, head + 1)) for head, numbers in self.logs.values()),
            "question or event alone": len(set(labels) ^ set(self.arrived)),
            "event twice": len(self.arrived) - len(set(self.arrived)),
            "order of the log": int(self.arrived != labels),
            "numbers left out": int([row["ordinal"] for row in self.questions] != list(range(1, self.received + 1))),
        }


def make(server: Server) -> Stage:
    """Make the programme."""
    return Stage(*server.said(_MAKE).split())


def read(server: Server, stage: Stage) -> Ledger:
    """Look at what is stored now."""
    return Ledger(**json.loads(server.said(_READ.format(programme=stage.programme))))
