"""The browser's side, in a real browser: a socket whose other end is the test, on pages that the test writes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute

pytestmark = pytest.mark.journey

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
SITE = "http://page.test"
STATE_WORDS = 'data-online="已连接" data-connecting="正在连接" data-offline="连接中断"'
PAGE = f"""
<main data-topic="stage:one" data-epoch="e" data-number="3">
  <p id="state" data-connection {STATE_WORDS} hidden></p>
  <p id="readers" data-pulse="readers" data-words="{{}}人在看" hidden></p>
  <input id="outside">
  <section data-live-region="transcript"><ol data-list-of="entries">ENTRIES</ol></section>
</main>
"""


def page_of(entries: str) -> str:
    return PAGE.replace("ENTRIES", entries)


def entry(number: int, words: str = "") -> str:
    return f'<li id="entry-{number}" data-list="entries" data-order="{number:06}">{words or number}</li>'


class Server:
    """The other end: a page that can be changed, and sockets that do nothing by themselves."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.body = page_of("".join(entry(number) for number in (1, 2, 3)))
        self.sockets: list[WebSocketRoute] = []
        self.heard: list[dict[str, Any]] = []
        self.loads = 0
        page.route(f"{SITE}/**", self._serve)
        page.route_web_socket(f"{SITE.replace('http', 'ws')}/ws/", self._accept)

    def _serve(self, route: Any) -> None:
        name = route.request.url.rpartition("/")[2]
        if name.endswith(".js"):
            route.fulfill(path=SCRIPTS / name, content_type="text/javascript")
        else:
            self.loads += 1
            script = '<script type="module">import * as live from "/static/js/live.js"; window.live = live</script>'
            route.fulfill(body=f"<!doctype html><meta charset=utf-8><body>{self.body}{script}", content_type="text/html")

    def _accept(self, socket: "WebSocketRoute") -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self.heard.append(json.loads(text)))

    def open(self) -> None:
        self.page.goto(f"{SITE}/")
        self.page.wait_for_function("window.live?.live.state === 'online'")

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(500):
            if true():
                return
            self.page.wait_for_timeout(10)
        raise AssertionError(f"never happened; heard {self.heard}")

    def sockets_opened(self, count: int) -> None:
        """Wait until so many sockets were opened and the page knows that the last one is."""
        self.until(lambda: len(self.sockets) == count)
        self.page.wait_for_function("live.live.state === 'online'")

    def say(self, **frame: Any) -> None:
        self.sockets[-1].send(json.dumps(frame))

    def publish(self, *numbers: int, epoch: str = "e", html: str = "") -> None:
        events = [[number, "said", {}, html or entry(number)] for number in numbers]
        self.say(op="events", topic="stage:one", epoch=epoch, events=events, head=numbers[-1])

    def joins(self) -> list[Any]:
        return [frame["since"] for frame in self.heard if frame["op"] == "join"]

    def shown(self) -> list[str]:
        shown: list[str] = self.page.eval_on_selector_all("[data-list-of=entries] > *", "all => all.map(one => one.textContent)")
        return shown

    def shows(self, *texts: str) -> None:
        self.until(lambda: self.shown() == list(texts))

    def apply(self, html: str) -> dict[str, list[str]]:
        """Apply fragments; the ids of what was inserted, replaced, removed."""
        done: dict[str, list[str]] = self.page.evaluate(
            "html => Object.fromEntries(Object.entries(live.apply(html)).map(([what, all]) => [what, all.map(one => one.id)]))", html
        )
        return done


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def server(context: "BrowserContext") -> Iterator[Server]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Server(page)
    assert errors == []


# ── The law of fragments ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fragment_replaces_its_namesake(server: Server) -> None:
    server.open()
    assert server.apply(entry(2, "改过")) == {"inserted": [], "replaced": ["entry-2"], "removed": []}
    assert server.shown() == ["1", "改过", "3"]


def test_a_gone_fragment_removes_its_namesake_and_nothing_else(server: Server) -> None:
    server.open()
    assert server.apply('<li id="entry-2" data-gone></li><li id="entry-9" data-list="entries" data-gone></li>')["removed"] == ["entry-2"]
    assert server.shown() == ["1", "3"]


def test_a_new_fragment_goes_to_its_place(server: Server) -> None:
    server.body = page_of(entry(2) + entry(4))
    server.open()
    assert server.apply(entry(3) + entry(1) + entry(5))["inserted"] == ["entry-3", "entry-1", "entry-5"]
    assert server.shown() == ["1", "2", "3", "4", "5"]


def test_a_descending_list_is_filled_from_the_top(server: Server) -> None:
    server.body = page_of(entry(4) + entry(2)).replace("data-list-of", "data-descending data-list-of")
    server.open()
    server.apply(entry(3) + entry(1) + entry(5))
    assert server.shown() == ["5", "4", "3", "2", "1"]


def test_fragments_without_a_place_are_ignored(server: Server) -> None:
    server.open()
    nowhere = '<li id="stranger">x</li><li data-list="entries" data-order="9">no id</li><li id="y" data-list="other">y</li>words'
    assert server.apply(nowhere) == {"inserted": [], "replaced": [], "removed": []}
    assert server.shown() == ["1", "2", "3"]


def test_a_script_in_a_fragment_does_not_run(server: Server) -> None:
    server.open()
    server.apply('<li id="entry-2"><script>window.ran = true</script></li>')
    assert server.page.evaluate("window.ran") is None


def test_applying_twice_is_applying_once(server: Server) -> None:
    server.open()
    server.apply(entry(4))
    server.apply(entry(4))
    assert server.shown() == ["1", "2", "3", "4"]


def test_replacement_leaves_the_control_that_is_being_typed_in(server: Server) -> None:
    form = '<li id="entry-2" class="{0}"><p>{0}</p><form><b>{0}</b><textarea id="words">{0}</textarea><i>{0}</i></form><p>{0}</p></li>'
    server.body = page_of(form.format("old"))
    server.open()
    page = server.page
    page.focus("#words")
    page.keyboard.press("Control+A")
    page.keyboard.type("半句")
    page.evaluate("document.querySelector('#words').addEventListener('blur', () => { window.left = true })")
    server.apply(form.format("new"))
    page.keyboard.type("话")
    assert page.input_value("#words") == "半句话"
    assert page.evaluate("window.left") is None
    assert page.get_attribute("#entry-2", "class") == "new"
    assert page.eval_on_selector_all("#entry-2 p, #entry-2 b, #entry-2 i", "all => all.map(one => one.textContent)") == ["new"] * 4


# ── The socket ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_joins_where_it_was_rendered_and_applies_what_comes(server: Server) -> None:
    server.open()
    assert server.heard == [{"op": "join", "ref": 1, "topic": "stage:one", "since": ["e", 3]}]
    server.publish(4)
    server.publish(5, 6)
    server.shows("1", "2", "3", "4", "5", "6")


def test_the_document_is_told_what_was_applied(server: Server) -> None:
    server.open()
    server.page.evaluate(
        "document.addEventListener('live:applied', ({detail}) => { window.told = [detail.topic, detail.events[0].kind, detail.inserted.map(e => e.id)] })"
    )
    server.publish(4)
    server.shows("1", "2", "3", "4")
    assert server.page.evaluate("told") == ["stage:one", "said", ["entry-4"]]


def test_a_repeated_event_is_applied_once(server: Server) -> None:
    server.open()
    server.publish(4)
    server.publish(3, 4, 5, html='<li id="once" data-list="entries" data-order="000005">5</li>')
    server.publish(6)
    server.shows("1", "2", "3", "4", "5", "6")


def test_a_gap_is_not_applied_but_asked_for(server: Server) -> None:
    server.open()
    server.publish(4)
    server.publish(6)
    server.until(lambda: server.joins() == [["e", 3], ["e", 4]])
    assert server.shown() == ["1", "2", "3", "4"]
    server.publish(5, 6)
    server.shows("1", "2", "3", "4", "5", "6")


def test_a_beat_is_answered_and_a_head_twice_ahead_is_a_gap(server: Server) -> None:
    server.open()
    server.say(op="beat", beat=77, heads={"stage:one": ["e", 5]})
    server.until(lambda: {"op": "still", "beat": 77} in server.heard)
    assert server.joins() == [["e", 3]]
    server.say(op="beat", beat=78, heads={"stage:one": ["e", 5]})
    server.until(lambda: server.joins() == [["e", 3], ["e", 3]])


def test_a_cut_socket_comes_back_where_it_was(server: Server) -> None:
    server.open()
    server.publish(4)
    server.shows("1", "2", "3", "4")
    server.sockets[0].close(code=1011)
    server.sockets_opened(2)
    server.until(lambda: server.joins() == [["e", 3], ["e", 4]])
    server.publish(5)
    server.shows("1", "2", "3", "4", "5")


def test_a_silent_line_counts_as_cut(server: Server) -> None:
    server.page.clock.install()
    server.open()
    server.page.clock.fast_forward(30_000)
    assert len(server.sockets) == 1
    server.page.clock.fast_forward(15_000)
    server.page.wait_for_function("live.live.state === 'connecting'")
    server.page.clock.fast_forward(1_000)
    server.sockets_opened(2)


def test_bye_is_followed_by_a_return_at_the_time_it_names(server: Server) -> None:
    server.page.clock.install()
    server.open()
    server.say(op="bye", after=7.5)
    server.page.wait_for_function("live.live.state === 'connecting'")
    server.page.clock.fast_forward(7_000)
    assert len(server.sockets) == 1
    server.page.clock.fast_forward(1_000)
    server.sockets_opened(2)


def test_a_waking_page_looks_at_once(server: Server) -> None:
    server.page.clock.install()
    server.open()
    server.say(op="bye", after=9_000)
    server.page.wait_for_function("live.live.state === 'connecting'")
    server.page.evaluate("dispatchEvent(new Event('online'))")
    server.sockets_opened(2)


def test_a_page_that_comes_back_from_the_history_goes_on(server: Server) -> None:
    server.open()
    server.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    server.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    server.sockets_opened(2)
    server.publish(4)
    server.shows("1", "2", "3", "4")


def test_the_state_of_the_connection_is_shown(server: Server) -> None:
    server.page.clock.install()
    server.open()
    state = server.page.locator("#state")
    assert (state.get_attribute("data-state"), state.inner_text()) == ("online", "已连接")
    for count in range(1, 4):
        server.sockets[-1].close(code=1011)
        words = "连接中断" if count == 3 else "正在连接"
        server.until(lambda words=words: state.inner_text() == words)  # type: ignore[misc]
        if count < 3:
            server.page.clock.fast_forward(20_000)
            server.sockets_opened(count + 1)


def test_a_pulse_is_shown_until_it_is_null(server: Server) -> None:
    server.open()
    readers = server.page.locator("#readers")
    server.say(op="pulse", topic="stage:one", facts={"readers": 213, "unknown": 1})
    server.until(lambda: readers.is_visible() and readers.inner_text() == "213人在看")
    server.say(op="pulse", topic="stage:one", facts={"readers": None})
    server.until(readers.is_hidden)


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────

SEND = "window.asked = live.live.send('ask', {token: 't', text: '水价'}).then(({receipt}) => receipt, ({code, message, fields}) => [code, message, fields])"


def test_a_command_resolves_to_its_answer(server: Server) -> None:
    server.open()
    server.page.evaluate(f"() => {{ {SEND} }}")
    server.until(lambda: server.heard[-1]["op"] == "ask")
    server.say(op="ok", ref=server.heard[-1]["ref"], receipt="r7")
    assert server.page.evaluate("asked") == "r7"


def test_a_refused_command_says_why(server: Server) -> None:
    server.open()
    server.page.evaluate(f"() => {{ {SEND} }}")
    server.until(lambda: server.heard[-1]["op"] == "ask")
    server.say(op="error", ref=server.heard[-1]["ref"], code="invalid", detail="太长。", fields={"text": ["太长。"]})
    assert server.page.evaluate("asked") == ["invalid", "太长。", {"text": ["太长。"]}]


def test_a_command_without_an_answer_is_sent_again_with_the_same_token(server: Server) -> None:
    server.open()
    server.page.evaluate(f"() => {{ {SEND} }}")
    server.until(lambda: server.heard[-1]["op"] == "ask")
    server.sockets[0].close(code=1011)
    server.sockets_opened(2)
    server.until(lambda: [frame["op"] for frame in server.heard] == ["join", "ask", "join", "ask"])
    assert server.heard[1] == server.heard[3]
    server.say(op="ok", ref=server.heard[3]["ref"], receipt="r7")
    assert server.page.evaluate("asked") == "r7"


# ── Reset ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reset_swaps_the_regions_and_keeps_the_rest(server: Server) -> None:
    server.open()
    server.page.fill("#outside", "一半的提问")
    server.body = page_of(entry(1, "恢复")).replace('data-epoch="e" data-number="3"', 'data-epoch="f" data-number="1"')
    server.say(op="reset", topic="stage:one")
    server.shows("恢复")
    server.until(lambda: server.joins() == [["e", 3], ["f", 1]])
    server.publish(2, epoch="f")
    server.shows("恢复", "2")
    assert (server.loads, server.page.input_value("#outside")) == (2, "一半的提问")


def test_a_reset_of_a_page_without_regions_loads_it_anew(server: Server) -> None:
    server.body = server.body.replace("data-live-region", "data-region")
    server.open()
    server.body = page_of(entry(1, "恢复"))
    server.say(op="reset", topic="stage:one")
    server.page.get_by_text("恢复").wait_for()
    assert server.loads == 3


def test_a_refused_topic_is_told_to_the_document(server: Server) -> None:
    server.open()
    server.page.evaluate("document.addEventListener('live:refused', ({detail}) => { window.told = detail })")
    server.say(op="error", ref=server.heard[0]["ref"], code="no_topic", detail="没有")
    server.page.wait_for_function("window.told")
    assert server.page.evaluate("told") == {"topic": "stage:one", "code": "no_topic"}
