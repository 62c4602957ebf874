"""The other end of a page that a test writes: the page, its scripts, its sockets and the log over HTTP, and nothing by itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route, WebSocketRoute

SCRIPTS = Path(__file__).resolve().parents[3] / "static" / "js"
SITE = "http://page.test"
TOPIC = "stage:one"
SEGMENT = 100
STATE_WORDS = """data-online="已连接" data-polling="每隔几秒更新" data-connecting="正在连接" data-offline="连接中断"
    data-refused="这一页不再更新。" data-again="重新打开" """
# How many requests are under way: a clock that a test moves on must wait for a network that knows nothing of it.
COUNT_REQUESTS = """
    window.underWay = 0;
    const asked = window.fetch;
    window.fetch = async (...what) => {
        window.underWay += 1;
        try { return await asked(...what); } finally { window.underWay -= 1; }
    };
"""
PAGE = f"""
<main data-topic="{TOPIC}" data-epoch="e" data-number="3">
  <p id="state" data-connection {STATE_WORDS} hidden></p>
  <p id="readers" data-pulse="readers" data-words="{{}}人在看" hidden></p>
  <input id="outside">
  <section data-live-region="transcript"><ol data-list-of="entries">ENTRIES</ol></section>
</main>
"""


def page_of(entries: str) -> str:
    """The page with these entries, rendered at number 3 of epoch e."""
    return PAGE.replace("ENTRIES", entries)


def entry(number: int, words: str = "") -> str:
    """The fragment of an entry."""
    return f'<li id="entry-{number}" data-list="entries" data-order="{number:06}">{words or number}</li>'


class OtherEnd:
    """A page that can be changed, sockets that are open, mute or refused, and a log that answers as docs/protocol.md says.

    `sockets` are those opened so far, `heard` what came over all of them, `asked` the paths under /log/ in their order. The next joins of
    a topic get the errors in `errors`, one each.
    """

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.body = page_of("".join(entry(number) for number in (1, 2, 3)))
        self.loads = 0
        self.line: Literal["open", "mute", "refused"] = "open"
        self.sockets: list[WebSocketRoute] = []
        self.heard: list[dict[str, Any]] = []
        self.errors: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.epoch, self.generation, self.every = "e", 1, 2.0
        self.events: list[list[Any]] = []
        # Instead of what the log would answer: path → (status, body), for every path if it is "".
        self.answers: dict[str, tuple[int, str]] = {}
        self.headers: dict[str, str] = {}
        self.append(1, 2, 3)
        page.add_init_script(COUNT_REQUESTS)
        page.route(f"{SITE}/**", self._serve)
        page.route_web_socket(f"{SITE.replace('http', 'ws')}/ws/", self._accept)

    # ── What it does when it is asked ─────────────────────────────────────────────────────────────────────────────────

    def _serve(self, route: "Route") -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/log/"):
            self.asked.append(path.removeprefix("/log/"))
            status, body = self.answers.get("") or self.answers.get(self.asked[-1]) or self._log(self.asked[-1])
            route.fulfill(status=status, body=body, content_type="application/json", headers=self.headers)
        elif path.endswith(".js"):
            route.fulfill(path=SCRIPTS / path.rpartition("/")[2], content_type="text/javascript")
        else:
            self.loads += 1
            script = '<script type="module">import * as live from "/static/js/live.js"; window.live = live</script>'
            route.fulfill(body=f"<!doctype html><meta charset=utf-8><body>{self.body}{script}", content_type="text/html")

    def _log(self, path: str) -> tuple[int, str]:
        topic, *rest = path.removesuffix(".json").split("/")
        whole = len(self.events) // SEGMENT
        common = {"topic": TOPIC, "epoch": self.epoch, "generation": self.generation}
        if topic == TOPIC and rest == ["tip"]:
            fresh = self.events[whole * SEGMENT :]
            return 200, json.dumps({**common, "head": len(self.events), "segment": SEGMENT, "every": self.every, "events": fresh})
        if topic == TOPIC and rest[:2] == [self.epoch, str(self.generation)] and int(rest[2]) < whole:
            index = int(rest[2])
            return 200, json.dumps({**common, "index": index, "events": self.events[index * SEGMENT : (index + 1) * SEGMENT]})
        return 404, json.dumps({"code": "no_topic", "detail": "没有"})

    def _accept(self, socket: "WebSocketRoute") -> None:
        self.sockets.append(socket)
        if self.line == "refused":
            socket.close(code=1011)
        else:
            socket.on_message(lambda text: self._hear(socket, json.loads(text)))

    def _hear(self, socket: "WebSocketRoute", frame: dict[str, Any]) -> None:
        self.heard.append(frame)
        if frame["op"] != "join" or self.line != "open":
            return
        if errors := self.errors.get(frame["topic"]):
            socket.send(json.dumps({"op": "error", "ref": frame["ref"], "code": errors.pop(0), "detail": "没有", "fields": None}))
        else:
            socket.send(json.dumps({"op": "ok", "ref": frame["ref"], "topic": frame["topic"], "epoch": self.epoch, "head": 0}))

    # ── What a test does with it ──────────────────────────────────────────────────────────────────────────────────────

    def open(self, state: str = "online") -> None:
        """Open the page and wait until its line has come so far."""
        self.page.goto(f"{SITE}/")
        self.becomes(state)

    def becomes(self, state: str) -> None:
        """Wait until the line is in this state."""
        self.page.wait_for_function(f"window.live?.live.state === '{state}'")

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something holds."""
        for _ in range(3000):
            if true():
                return
            self.page.wait_for_timeout(10)
        raise AssertionError(
            f"never happened; heard {self.heard}, asked {self.asked}, sockets {len(self.sockets)}, shown {self.shown()[-5:]}"
        )

    def passes(self, seconds: int) -> None:
        """Time passes on a page with a clock of its own; in steps, each with time for the answers to what was asked in it.

        The clock goes on by itself as well: what must not have happened yet is looked at many seconds before it is due.
        """
        for _second in range(seconds):
            self.page.clock.run_for(1_000)
            self.page.wait_for_timeout(2)
            self.until(lambda: self.page.evaluate("window.underWay") == 0)

    def sockets_opened(self, count: int) -> None:
        """Wait until so many sockets were opened and the page knows that the last one is."""
        self.until(lambda: len(self.sockets) == count)
        self.becomes("online")

    def say(self, **frame: Any) -> None:
        """Send a frame over the newest socket."""
        self.sockets[-1].send(json.dumps(frame))

    def publish(self, *numbers: int, topic: str = TOPIC, epoch: str = "e", html: str = "") -> None:
        """Send events over the newest socket."""
        events = [[number, "said", {}, html or entry(number)] for number in numbers]
        self.say(op="events", topic=topic, epoch=epoch, events=events, head=numbers[-1])

    def append(self, *numbers: int) -> None:
        """Write events into the log over HTTP."""
        self.events += [[number, "said", {}, entry(number)] for number in numbers]

    def joins(self) -> list[Any]:
        """The places of all joins, in their order."""
        return [frame["since"] for frame in self.heard if frame["op"] == "join"]

    def shown(self) -> list[str]:
        """The entries on the page."""
        shown: list[str] = self.page.eval_on_selector_all("[data-list-of=entries] > *", "all => all.map(one => one.textContent)")
        return shown

    def shows(self, *texts: str) -> None:
        """Wait until the page has exactly these entries."""
        self.until(lambda: self.shown() == list(texts))

    def apply(self, html: str) -> dict[str, list[str]]:
        """Apply fragments; the ids of what was inserted, replaced, removed."""
        done: dict[str, list[str]] = self.page.evaluate(
            "html => Object.fromEntries(Object.entries(live.apply(html)).map(([what, all]) => [what, all.map(one => one.id)]))", html
        )
        return done
