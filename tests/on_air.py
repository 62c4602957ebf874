"""A live programme with everybody seated, and a client to act as any of them, for tests of the rooms on air."""

from typing import Any

from django.test import Client

from interview import questions
from interview.models import Question
from interview.states import ProgrammeState
from tests import scenes as make

JSON = {"Accept": "application/json"}
# Who may enter which room.
ROOMS = {
    "desk/": {"host", "editor"},
    "sheet/": {"guest"},
    "typist/": {"host", "stenographer", "editor"},
    "entries/1/": {"host", "stenographer", "editor"},
    "proof/": {"editor"},
}


class Scene:
    """A live programme with everybody seated."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.programme = make.programme(state=ProgrammeState.LIVE)
        self.guest = make.guest(self.programme)
        self.people = {role: make.seated(self.programme, role) for role in ("host", "moderator", "stenographer")}
        self.people |= {"guest": make.seated(self.programme, "guest", guest=self.guest), "editor": make.editor(), "nobody": make.user()}

    def address(self, room: str) -> str:
        return f"/staff/interviews/{self.programme.pk}/{room}"

    def get(self, who: str, room: str) -> Any:
        self.client.force_login(self.people[who])
        return self.client.get(self.address(room))

    def post(self, who: str, room: str, **data: Any) -> Any:
        """Send a form as the page's script does."""
        self.client.force_login(self.people[who])
        return self.client.post(self.address(room), data, headers=JSON)

    def turned_away(self, action: str) -> set[str]:
        """Who is told that an action is not for them; nothing is in the form, so that nobody changes anything."""
        return {who for who in self.people if self.post(who, action).status_code == 403}

    def put(self, question: Question) -> Question:
        return questions.put(question=question, guest=self.guest, by=self.people["host"])
