"""The people of the journeys: a programme with a seat for each, made on the server's own data."""

import json
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.server import Server

_GATHER = """
import json
from rehearsal import cast
from rehearsal.script import Person, Script, ScriptGuest
script = Script(
    title="市自来水公司总经理谈夏季供水", topic="夏季供水", unit="滨湖市自来水公司", introduction="欢迎您就供水提问。",
    host=Person("林听"), stenographer=Person("白露"), moderators=[Person("方正"), Person("沈慎"), Person("安宁")],
    guests=[ScriptGuest(key="manager", name="周长流", post="市自来水公司总经理")], turns=[],
)
made = cast.gather(script, prefix="{prefix}", rehearsal=False)
people = {{"host": made.host, "typist": made.stenographer, "editor": made.editor, "moderator": made.moderators[0],
          "second_moderator": made.moderators[1], "third_moderator": made.moderators[2], "guest": made.guests["manager"]}}
print(json.dumps({{"programme": str(made.programme_id), "people": {{name: [m.username, m.password] for name, m in people.items()}}}}))
"""


@dataclass(frozen=True)
class Company:
    """A programme and who works on it: name → (username, password)."""

    programme: str
    people: dict[str, list[str]]

    @property
    def page(self) -> str:
        return f"/interviews/{self.programme}/"

    def room(self, name: str) -> str:
        return f"/staff/interviews/{self.programme}/{name}/"

    def enter(self, page: Page, name: str, room: str) -> Page:
        """The person signs in and goes to their room."""
        username, password = self.people[name]
        page.goto(f"/sign-in/?next={self.room(room)}")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"**{self.room(room)}")
        return page


def gather(server: Server, prefix: str) -> Company:
    """An announced programme on this server."""
    made = json.loads(server.said(_GATHER.format(prefix=prefix)))
    return Company(made["programme"], made["people"])


def until_online(page: Page) -> None:
    """Wait for the socket of a page: who is quicker asks by the form, and goes where a link leads."""
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "online")
