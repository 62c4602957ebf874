"""The log over HTTP: who may read it, what caches are told, and that a segment is the same whenever it is read."""

import gzip
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.test import Client

from accounts.models import User
from interview.models import Programme
from interview.states import ProgrammeState
from realtime import log, publishing
from realtime.models import Topic
from realtime.segments import Segment, Tip
from tests import scenes as make
from tests.journeys.people import gather
from tests.server import Server
from tests.test_docs import document

SECOND = "public, max-age=1, stale-while-revalidate=1"
YEAR = "public, max-age=31536000, immutable"
NO_TOPIC = {"code": "no_topic", "detail": "没有这个主题，或您无权查看。"}


def publish(topic: str, count: int = 1, *, text: str = "水价") -> None:
    with transaction.atomic():
        for _ in range(count):
            publishing.publish(topic=topic, kind="entry.published", data={"text": text}, html=f"<p>{text}</p>")


def redact(topic: str, *numbers: int) -> None:
    with transaction.atomic():
        publishing.redact(topic=topic, match=numbers)


def tip_of(topic: str) -> str:
    return f"/log/{topic}/tip.json"


def segment_of(topic: str, index: int = 0, *, epoch: str | None = None, generation: int | None = None) -> str:
    head = log.head(topic)
    return f"/log/{topic}/{epoch or head.epoch}/{generation or head.generation}/{index}.json"


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def stage(db: None) -> str:
    return f"stage:{make.programme(state=ProgrammeState.LIVE).pk}"


# ── What is there ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_topic_without_events_has_a_tip(client: Client, stage: str) -> None:
    assert client.get(tip_of(stage)).json() == {
        "topic": stage,
        "epoch": "",
        "generation": 0,
        "head": 0,
        "segment": 100,
        "every": 2.0,
        "events": [],
    }


def test_a_tip_tells_where_the_topic_stands_and_what_came_after_the_last_full_segment(client: Client, stage: str) -> None:
    publish(stage, 102)
    head = log.head(stage)
    event = ["entry.published", {"text": "水价"}, "<p>水价</p>"]
    assert client.get(tip_of(stage)).json() == {
        "topic": stage,
        "epoch": head.epoch,
        "generation": 1,
        "head": 102,
        "segment": 100,
        "every": 2.0,
        "events": [[101, *event], [102, *event]],
    }


@pytest.mark.parametrize(("count", "opened"), [(1, [1]), (99, [*range(1, 100)]), (100, []), (101, [101]), (200, []), (201, [201])])
def test_segments_and_tip_hold_each_event_once(client: Client, stage: str, count: int, opened: list[int]) -> None:
    publish(stage, count)
    assert [event[0] for event in client.get(tip_of(stage)).json()["events"]] == opened
    full = [client.get(segment_of(stage, index)) for index in range(4)]
    assert [response.status_code for response in full] == [200] * (count // 100) + [404] * (4 - count // 100)
    numbers = [event[0] for response in full[: count // 100] for event in response.json()["events"]]
    assert numbers + opened == [*range(1, count + 1)]


def test_a_segment_says_which_it_is(client: Client, stage: str) -> None:
    publish(stage, 200)
    answer = client.get(segment_of(stage, 1)).json()
    events = answer.pop("events")
    assert answer == {"topic": stage, "epoch": log.head(stage).epoch, "generation": 1, "index": 1}
    assert events[0] == [101, "entry.published", {"text": "水价"}, "<p>水价</p>"]
    assert [event[0] for event in events] == [*range(101, 201)]


@pytest.mark.parametrize("answer", [Tip, Segment])
def test_every_field_is_explained(answer: type[msgspec.Struct]) -> None:
    section = document("protocol.md").split("## The same log over HTTP")[1].split("\n## ")[0]
    assert [field for field in answer.__struct_fields__ if f"`{field}`" not in section] == []


# ── Who may read it ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def everybody(db: None) -> tuple[Programme, dict[str, User | None]]:
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    people: dict[str, User | None] = {role: make.seated(programme, role) for role in ("host", "moderator", "stenographer")}
    people |= {"guest": make.seated(programme, "guest", guest=guest), "editor": make.editor(), "nobody": make.user(), "stranger": None}
    return programme, people


ALL = {"host", "moderator", "stenographer", "guest", "editor", "nobody", "stranger"}


@pytest.mark.parametrize(
    ("prefix", "state", "readers"),
    [
        ("stage", ProgrammeState.LIVE, ALL),
        ("stage", ProgrammeState.DRAFT, ALL - {"nobody", "stranger"}),
        ("desk", ProgrammeState.LIVE, {"host", "stenographer", "editor"}),
        ("guest", ProgrammeState.LIVE, {"host", "stenographer", "guest", "editor"}),
        ("inbox", ProgrammeState.LIVE, {"moderator", "editor"}),
        ("receipt", ProgrammeState.LIVE, ALL),
    ],
)
def test_who_may_join_may_read(everybody: Any, prefix: str, state: ProgrammeState, readers: set[str]) -> None:
    programme, people = everybody
    keys = {"guest": programme.guests.get().pk}
    topic = f"{prefix}:{make.question(programme).receipt_token if prefix == 'receipt' else keys.get(prefix, programme.pk)}"
    make.move(programme, state)
    publish(topic, 101)
    for address in (tip_of(topic), segment_of(topic)):
        answers = {name: signed_in(user).get(address) for name, user in people.items()}
        assert {name for name, answer in answers.items() if answer.status_code == 200} == readers
        refused = [answer for name, answer in answers.items() if name not in readers]
        assert [(answer.status_code, answer.json()) for answer in refused] == [(404, NO_TOPIC)] * len(refused)


def test_unknown_and_forbidden_cannot_be_told_apart(client: Client, everybody: Any) -> None:
    forbidden, unknown = f"desk:{everybody[0].pk}", f"desk:{uuid4()}"
    publish(forbidden, 100)
    answers = [(a.status_code, a.content, a.headers) for topic in (forbidden, unknown) for a in [client.get(tip_of(topic))]]
    assert answers[0] == answers[1]
    segments = [client.get(f"/log/{topic}/{log.head(forbidden).epoch}/1/0.json") for topic in (forbidden, unknown)]
    assert (segments[0].content, segments[0].headers) == (segments[1].content, segments[1].headers) == answers[0][1:]


def test_a_right_that_is_lost_is_lost_with_the_next_request(everybody: Any) -> None:
    programme, people = everybody
    host = signed_in(people["host"])
    etag = host.get(tip_of(f"desk:{programme.pk}"))["ETag"]
    programme.seats.filter(user=people["host"]).delete()
    assert host.get(tip_of(f"desk:{programme.pk}"), headers={"If-None-Match": etag}).status_code == 404
    editor = signed_in(people["editor"])
    assert editor.get(tip_of(f"desk:{programme.pk}")).status_code == 200
    editor.post("/sign-out/")
    assert editor.get(tip_of(f"desk:{programme.pk}")).status_code == 404


# ── What caches and browsers are told ────────────────────────────────────────────────────────────────────────────────

ODD_COOKIES = {
    "sessionid": "x",
    "csrftoken": "not a token",
    "visitor": "forged",
    "django_language": "en",
    "messages": "forged",
}


def test_a_public_answer_is_the_same_for_everybody(stage: str) -> None:
    """Headers too: a cookie or a language in it would be kept by caches, for others or for nobody else."""
    publish(stage, 101)
    odd, host = Client(headers={"Accept-Language": "en"}), signed_in(make.editor())
    odd.cookies.load(ODD_COOKIES)
    for address, cache in ((tip_of(stage), SECOND), (segment_of(stage), YEAR)):
        answers = [someone.get(address) for someone in (Client(), odd, host)]
        assert [answer.content for answer in answers] == [answers[0].content] * 3
        assert [answer.headers for answer in answers] == [answers[0].headers] * 3
        assert [dict(answer.cookies) for answer in answers] == [{}, {}, {}]
        headers = dict(answers[0].headers)
        headers.pop("ETag", None)
        assert headers == {
            "Content-Type": "application/json",
            "Content-Length": str(len(answers[0].content)),
            "Cache-Control": cache,
            "Vary": "Accept-Encoding",
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }


def test_what_is_not_public_is_kept_by_no_cache_and_shown_to_no_other_site(everybody: Any) -> None:
    programme, people = everybody
    desk, sessions = f"desk:{programme.pk}", Session.objects.count()
    publish(desk, 101)
    host = signed_in(people["host"])
    tip, segment = host.get(tip_of(desk)), host.get(segment_of(desk))
    assert [tip["Cache-Control"], segment["Cache-Control"]] == ["private, no-cache", "private, no-store"]
    assert not any("Access-Control-Allow-Origin" in answer for answer in (tip, segment))
    assert [dict(answer.cookies) for answer in (tip, segment)] == [{}, {}]
    assert Session.objects.count() == sessions + 1


def test_a_draft_becomes_public_when_it_is_announced(client: Client, db: None) -> None:
    programme = make.programme(state=ProgrammeState.DRAFT)
    topic = f"stage:{programme.pk}"
    editor = signed_in(make.editor())
    assert (editor.get(tip_of(topic))["Cache-Control"], client.get(tip_of(topic)).status_code) == ("private, no-cache", 404)
    make.move(programme, ProgrammeState.ANNOUNCED)
    assert [someone.get(tip_of(topic))["Cache-Control"] for someone in (editor, client)] == [SECOND] * 2


def test_nothing_new_is_answered_with_304(client: Client, stage: str) -> None:
    publish(stage)
    first = client.get(tip_of(stage))
    for known in (first["ETag"], first["ETag"].removeprefix("W/"), f'"other", {first["ETag"]}'):
        again = client.get(tip_of(stage), headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        kept = ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin")
        assert [again[name] for name in kept] == [first[name] for name in kept]


@pytest.mark.parametrize("known", ["", "*", '"', "W/", "nonsense", '"-0-0-2.0"', '"' + "x" * 7000 + '"', ",,,", "\x00"])
def test_what_is_known_from_elsewhere_brings_the_whole_tip(client: Client, stage: str, known: str) -> None:
    publish(stage)
    assert client.get(tip_of(stage), headers={"If-None-Match": known}).json()["head"] == 1


def test_whatever_moves_changes_the_etag(client: Client, stage: str, settings: Any) -> None:
    etags = [client.get(tip_of(stage))["ETag"]]

    def note() -> None:
        answer = client.get(tip_of(stage), headers={"If-None-Match": etags[-1]})
        assert answer.status_code == 200
        etags.append(answer["ETag"])

    publish(stage, 2)
    note()
    redact(stage, 1)
    note()
    settings.POLL_SECONDS = 5.0
    note()
    log.begin_epoch()
    note()
    assert len(set(etags)) == 5


def test_operators_say_how_often_to_ask(client: Client, stage: str, settings: Any) -> None:
    settings.POLL_SECONDS = 7.5
    assert client.get(tip_of(stage)).json()["every"] == 7.5


def test_large_answers_are_compressed_for_whoever_can_read_that(client: Client, stage: str) -> None:
    publish(stage, 100)
    plain = client.get(segment_of(stage))
    small = client.get(segment_of(stage), headers={"Accept-Encoding": "gzip"})
    assert (small["Content-Encoding"], gzip.decompress(small.content)) == ("gzip", plain.content)
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 5
    assert (small["Vary"], plain["Vary"]) == ("Accept-Encoding", "Accept-Encoding")


def test_the_etag_holds_for_both_forms(client: Client, stage: str) -> None:
    publish(stage, 30)
    small = client.get(tip_of(stage), headers={"Accept-Encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert client.get(tip_of(stage))["ETag"] == small["ETag"]
    assert client.get(tip_of(stage), headers={"Accept-Encoding": "gzip", "If-None-Match": small["ETag"]}).status_code == 304


# ── Addresses that lead nowhere ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_it_can_only_be_read(client: Client, stage: str, method: str) -> None:
    publish(stage, 100)
    for address in (tip_of(stage), segment_of(stage), "/log/elsewhere"):
        answer = Client(enforce_csrf_checks=True).generic(method.upper(), address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert log.head(stage).number == 100


def test_head_says_what_get_would(client: Client, stage: str) -> None:
    publish(stage, 100)
    for address in (tip_of(stage), segment_of(stage), tip_of("stage:none")):
        get, head = client.get(address), client.head(address)
        assert (head.status_code, head.content, head.headers) == (get.status_code, b"", get.headers)


@pytest.mark.parametrize(
    "topic", ["stage", "stage:", ":", "x:1", "stage:..", "stage:甲", "stage:%00", "stage:%2e%2e", "STAGE:1", "stage:" + "x" * 5000]
)
@pytest.mark.parametrize("rest", ["tip.json", "e/1/0.json", "e/1/0", "", "tip.json/", "tip.json/x"])
def test_a_name_of_nothing_is_no_topic(client: Client, db: None, topic: str, rest: str) -> None:
    answer = client.get(f"/log/{topic}/{rest}")
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (404, NO_TOPIC, "no-store")


HUGE = ["9" * 9, "9" * 10, "2147483648", "9223372036854775808", "9" * 5000]
ODD = ["-1", "+1", "01", "1.0", "1e3", "0x1", "1_0", "٣", "１", " 1", "1 ", "", "nan", "%00", "%0a", "'", "1;", "甲", "../1"]


@pytest.mark.parametrize("number", [*HUGE, *ODD])
def test_a_number_of_nothing_is_no_segment(client: Client, stage: str, number: str) -> None:
    publish(stage, 100)
    epoch = log.head(stage).epoch
    for address in (f"{epoch}/1/{number}", f"{epoch}/{number}/0"):
        answer = client.get(f"/log/{stage}/{address}.json")
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
        assert answer.json()["code"] in {"no_segment", "no_topic"}


@pytest.mark.parametrize("epoch", ["x", "x" * 17, "x" * 5000, "%00", "甲", "%27%20OR%201=1", "%0a", "-", "%25"])
def test_another_epoch_is_no_segment(client: Client, stage: str, epoch: str) -> None:
    publish(stage, 100)
    answer = client.get(segment_of(stage, epoch=epoch))
    assert (answer.status_code, answer.json()["code"], answer["Cache-Control"]) == (404, "no_segment", "no-store")


def test_only_the_present_epoch_and_generation_are_served(client: Client, stage: str) -> None:
    publish(stage, 100)
    before = segment_of(stage)
    assert [client.get(address).status_code for address in (before, segment_of(stage, generation=2))] == [200, 404]
    redact(stage, 1)
    after = segment_of(stage)
    assert [client.get(address).status_code for address in (before, after, segment_of(stage, generation=1))] == [404, 200, 404]
    log.begin_epoch()
    assert [client.get(address).status_code for address in (before, after, segment_of(stage))] == [404, 404, 200]


def test_what_was_pruned_is_no_segment_and_the_tip_goes_on(client: Client, stage: str) -> None:
    publish(stage, 250)
    log.prune(topic=stage, up_to=150)
    assert [client.get(segment_of(stage, index)).status_code for index in range(3)] == [404, 404, 404]
    assert [event[0] for event in client.get(tip_of(stage)).json()["events"]] == [*range(201, 251)]


# ── What it costs ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_statements_are_few_and_do_not_grow(client: Client, stage: str, django_assert_num_queries: Any) -> None:
    publish(stage, 199)
    address = segment_of(stage)
    with django_assert_num_queries(2):  # whether the topic is public: asked once, remembered
        etag = client.get(tip_of(stage))["ETag"]
    with django_assert_num_queries(1):
        client.get(tip_of(stage))
    with django_assert_num_queries(1):
        client.get(tip_of(stage), headers={"If-None-Match": etag})
    with django_assert_num_queries(2):
        client.get(tip_of(stage), headers={"If-None-Match": '"other"'})
    with django_assert_num_queries(1):
        client.get(address)
    with django_assert_num_queries(0):
        client.get(f"/log/{stage}/e/1/{'9' * 30}.json")


# ── Withdrawn ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_withdrawn_text_is_gone_with_the_commit(client: Client) -> None:
    topic = f"stage:{make.programme(state=ProgrammeState.LIVE).pk}"
    publish(topic, 99)
    publish(topic, 3, text="身份证号")
    whole, tip = segment_of(topic), client.get(tip_of(topic))
    with transaction.atomic():
        publishing.redact(topic=topic, match=lambda data: data.get("text") == "身份证号")
        elsewhere: list[Any] = []
        thread = threading.Thread(target=lambda: elsewhere.extend([read(whole)[0], read(tip_of(topic))[0]]))
        thread.start()
        thread.join()
        # Not before the commit either: a transaction that fails has withdrawn nothing.
        assert elsewhere == [200, 200]
    after = client.get(tip_of(topic), headers={"If-None-Match": tip["ETag"]})
    assert (after.status_code, after.json()["generation"]) == (200, 2)
    assert after.json()["events"] == [[101, "gone", {}, ""], [102, "gone", {}, ""]]
    assert client.get(whole).status_code == 404
    assert client.get(segment_of(topic)).json()["events"][99] == [100, "gone", {}, ""]
    assert "身份证号" not in client.get(segment_of(topic)).content.decode() + after.content.decode()


def read(address: str) -> tuple[int, bytes]:
    """What a client of another thread gets."""
    try:
        answer = Client().get(address)
        return answer.status_code, answer.content
    finally:
        connections.close_all()


# ── Read while it is written ─────────────────────────────────────────────────────────────────────────────────────────


class Witness:
    """Reads tips and segments over and over and remembers what each address said."""

    def __init__(self, topic: str, seed: int) -> None:
        self.topic = topic
        self.said: dict[str, bytes] = {}
        self.repeated = 0
        self._chance = random.Random(seed)
        self._client = Client()

    def look(self) -> None:
        """Read the tip and a segment or two, and check them against each other and everything read before."""
        tip = self._client.get(tip_of(self.topic)).json()
        if not tip["head"]:
            return
        opened = tip["head"] - tip["head"] % 100
        assert [event[0] for event in tip["events"]] == [*range(opened + 1, tip["head"] + 1)]
        self._check(tip)
        # Where the next withdrawal falls, where the next event falls, and anywhere.
        for index in (3 * tip["generation"] // 100, tip["head"] // 100, self._chance.randrange(10)):
            self._segment(f"/log/{self.topic}/{tip['epoch']}/{tip['generation']}/{index}.json", index)
        if self.said:
            address = self._chance.choice([*self.said])
            self._segment(address, int(address.rsplit("/", 1)[1].removesuffix(".json")))

    def _segment(self, address: str, index: int) -> None:
        answer = self._client.get(address)
        if answer.status_code == 404:
            return
        segment = answer.json()
        assert [event[0] for event in segment["events"]] == [*range(index * 100 + 1, index * 100 + 101)]
        self._check(segment)
        self.repeated += address in self.said
        assert self.said.setdefault(address, answer.content) == answer.content

    def _check(self, answer: dict[str, Any]) -> None:
        # Generation g is the state after g - 1 withdrawals, and the writer withdraws 3, 6, 9 … in this order.
        withdrawn = {3 * n for n in range(1, answer["generation"])}
        for number, kind, data, html in answer["events"]:
            gone = number in withdrawn
            assert [kind, data, html] == (["gone", {}, ""] if gone else ["entry.published", {"text": "水价"}, "<p>水价</p>"])


def withdraw(topic: str) -> None:
    """Withdraw 3, 6, 9 … as soon as they are there."""
    for number in range(3, 600, 3):
        while log.head(topic).number < number:
            time.sleep(0.001)
        redact(topic, number)


def publish_more(topic: str) -> None:
    for count in range(100):
        publish(topic, count % 7 + 1)


@pytest.mark.django_db(transaction=True)
def test_a_segment_is_the_same_whenever_it_is_read() -> None:
    """Two publish, one withdraws, three read: no segment is short, mixed of two generations, or differs between two reads."""
    topic = f"stage:{make.programme(state=ProgrammeState.LIVE).pk}"
    witnesses = [Witness(topic, seed) for seed in range(3)]
    writing, errors = True, []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  the test looks at them
            errors.append(error)
        finally:
            connections.close_all()

    def watch(witness: Witness) -> None:
        while writing and not errors:
            witness.look()
        witness.look()

    readers = [threading.Thread(target=run, args=(partial(watch, witness),)) for witness in witnesses]
    writers = [threading.Thread(target=run, args=(partial(work, topic),)) for work in (publish_more, publish_more, withdraw)]
    for thread in [*readers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    writing = False
    for thread in readers:
        thread.join()
    assert errors == []
    assert Topic.objects.get(name=topic).generation == 200
    assert all(witness.said and witness.repeated for witness in witnesses)


# ── Behind a real server ─────────────────────────────────────────────────────────────────────────────────────────────

PUBLISH = """
from django.db import transaction
from realtime.publishing import publish
with transaction.atomic():
    for number in range({count}):
        publish(topic="{topic}", kind="said", data={{"n": number}}, html="<p>" + "水价" * 20 + "</p>")
"""


@pytest.fixture(scope="module")
def served(server: Server) -> Iterator[tuple[httpx.Client, str]]:
    topic = f"stage:{gather(server, 'segments').programme}"
    server.manage("shell", "--no-imports", "-c", PUBLISH.format(topic=topic, count=120))
    with httpx.Client(base_url=server.url) as plain:
        yield plain, topic


def test_a_plain_client_reads_the_whole_log(served: tuple[httpx.Client, str]) -> None:
    http, topic = served
    tip = http.get(tip_of(topic)).json()
    segment = http.get(f"/log/{topic}/{tip['epoch']}/{tip['generation']}/0.json")
    assert segment.headers["Cache-Control"] == YEAR
    assert [event[0] for event in segment.json()["events"] + tip["events"]] == [*range(1, tip["head"] + 1)]
    assert [event[2]["n"] for event in tip["events"]][-20:] == [*range(100, 120)]


def test_a_plain_client_is_told_that_nothing_is_new(served: tuple[httpx.Client, str]) -> None:
    http, topic = served
    first = http.get(tip_of(topic))
    assert (first.headers["Content-Encoding"], first.headers["Vary"]) == ("gzip", "Accept-Encoding")
    again = http.get(tip_of(topic), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_a_plain_client_may_ask_for_headers_only(served: tuple[httpx.Client, str]) -> None:
    http, topic = served
    get, head = http.get(tip_of(topic)), http.head(tip_of(topic))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    # The connection is in order afterwards: no body came that nobody waits for.
    assert http.get(tip_of(topic)).json() == get.json()


def test_a_plain_client_is_answered_whatever_it_asks_for(served: tuple[httpx.Client, str]) -> None:
    http, topic = served
    for address in (f"/log/{topic}/e/{'9' * 4000}/0.json", "/log/%2e%2e/%00/tip.json", f"/log/{topic}", "/log/%ff:%fe/tip.json"):
        answer = http.get(address)
        assert (answer.status_code, json.loads(answer.content)["code"] in {"no_topic", "no_segment"}) == (404, True)
    assert http.post(tip_of(topic), content=b"x").status_code == 405
    assert "set-cookie" not in http.get(tip_of(topic)).headers
