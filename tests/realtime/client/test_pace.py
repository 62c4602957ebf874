"""A page that follows as many topics as a socket may have, before the limits of the real server."""

import time
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from realtime import allowance
from realtime.protocol import Ok, Outgoing, Wire
from realtime.session import Ask, Close, Listen, Say, Session
from realtime.topics import TOPICS_LIMIT, Access, TopicPattern, TopicTable
from tests.realtime.client.other_end import OtherEnd

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

pytestmark = pytest.mark.journey

TOPICS = [f"stage:{number}" for number in range(TOPICS_LIMIT)]
FOLLOWED = '<section data-topic="{0}" data-epoch="e" data-number="0"><ol data-list-of="{0}"></ol></section>'
SAID = '<li id="{0}-{1}" data-list="{0}" data-order="{1}">{1}</li>'


class StrictEnd(OtherEnd):
    """Answers as the server's own session does; `said` has what it complained of, `closed` the codes."""

    def __init__(self, page: "Page") -> None:
        super().__init__(page)
        self.said: list[Outgoing] = []
        self.closed: list[int] = []
        self.body = "".join(FOLLOWED.format(topic) for topic in TOPICS)

    def _accept(self, socket: "WebSocketRoute") -> None:
        self.sockets.append(socket)
        topics = TopicTable([TopicPattern("stage", lambda _caller, _key: True)])
        session = Session(Wire([]), topics, now=time.monotonic())
        socket.on_message(lambda text: self._answer(socket, session, str(text)))

    def _answer(self, socket: "WebSocketRoute", session: Session, text: str) -> None:
        self.heard.append(msgspec.json.decode(text))
        effects = session.received(text, time.monotonic())
        for effect in effects:
            match effect:
                case Ask():
                    effects += session.answered(effect, Access.PUBLIC)
                case Listen(ref, topic, _since):
                    self._tell(socket, Ok(ref), topic=topic, epoch="e", head=0)
                case Say(frame):
                    self.said.append(frame)
                    self._tell(socket, frame)
                case Close(code):
                    self.closed.append(code)
                    socket.close(code=code)

    @staticmethod
    def _tell(socket: "WebSocketRoute", frame: Outgoing, **more: Any) -> None:
        socket.send(msgspec.json.encode(msgspec.to_builtins(frame) | more).decode())

    def joined(self) -> dict[str, list[int]]:
        """For each topic the numbers from which it was joined."""
        joined: dict[str, list[int]] = {}
        for frame in self.heard:
            joined.setdefault(frame["topic"], []).append(frame["since"][1])
        return joined

    def shown_on(self, topic: str) -> list[str]:
        """The entries of a topic on the page."""
        shown: list[str] = self.page.eval_on_selector_all(f'[data-list-of="{topic}"] > *', "all => all.map(one => one.textContent)")
        return shown


@pytest.fixture
def strict(far: OtherEnd) -> StrictEnd:
    return StrictEnd(far.page)


def test_every_topic_is_joined_and_brings_its_events_also_after_a_cut(strict: StrictEnd) -> None:
    strict.open()
    for topic in TOPICS:
        strict.publish(1, topic=topic, html=SAID.format(topic, 1))
    strict.until(lambda: [strict.shown_on(topic) for topic in TOPICS] == [["1"]] * len(TOPICS))
    strict.sockets[0].close(code=1011)
    strict.sockets_opened(2)
    for topic in TOPICS:
        strict.publish(2, topic=topic, html=SAID.format(topic, 2))
    strict.until(lambda: [strict.shown_on(topic) for topic in TOPICS] == [["1", "2"]] * len(TOPICS))
    assert (strict.joined(), strict.said, strict.closed) == ({topic: [0, 1] for topic in TOPICS}, [], [])


def test_a_page_says_half_of_what_the_server_takes(far: OtherEnd) -> None:
    far.open()
    pace = far.page.evaluate("import('/static/js/pace.js').then(({AT_ONCE, RATE}) => [AT_ONCE, RATE])")
    assert pace == [allowance.BURST / 2, allowance.RATE / 2]
