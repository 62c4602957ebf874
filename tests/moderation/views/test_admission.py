"""Every address, command and topic of moderation against every kind of person: who comes in, who is told to ask, who signs in first (T-04).

A new address is a line in ROUTES, and a value in `scene` if it names something new; without them a test fails.
"""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import visitors
from accounts.callers import Caller
from interview.states import PUBLIC, ProgrammeState
from moderation import word_lists
from moderation.commands import COMMANDS, Ask, Support
from moderation.models import Block
from moderation.topics import TOPICS
from moderation.urls import urlpatterns
from realtime.commands import Refused
from realtime.topics import Access, TopicTable
from tests import scenes as make
from tests.moderation.conftest import everything

pytestmark = pytest.mark.django_db

EDITOR, HOST, STENOGRAPHER, MODERATOR, GUEST = SEATED = ("editor", "host", "stenographer", "moderator", "guest")
OUTSIDER, ELSEWHERE, STRANGER = UNSEATED = ("outsider", "moderator elsewhere", "stranger")
PEOPLE = [*SEATED, *UNSEATED]
EVERYBODY, MODERATING, EDITING = set(PEOPLE), {EDITOR, MODERATOR}, {EDITOR}
# The lists are those of the site: whoever screens any programme keeps them.
KEEPING = {EDITOR, MODERATOR, ELSEWHERE}


@dataclass(frozen=True)
class Route:
    """Who may read what is there, and who may send (None where there is nothing to read or to send to); who comes in at all."""

    reading: set[str] | None
    sending: set[str] | None
    may: set[str]


def reads(may):
    return Route(may, None, may)


def sends(may, *, door=None):
    return Route(None, may, door or may)


def both(may, *, sending=None):
    return Route(may, sending or may, may)


ROUTES = {
    "ask": both(EVERYBODY, sending=set(UNSEATED)),
    "challenge": reads(EVERYBODY),
    "screening": reads(EVERYBODY),
    "similar": sends(EVERYBODY),
    "support": both(EVERYBODY),
    "report": both(EVERYBODY),
    "block_appeal": both(EVERYBODY),
    "receipt": reads(EVERYBODY),
    "rewrite": both(EVERYBODY),
    "appeal": both(EVERYBODY),
    "withdraw": both(EVERYBODY),
    "inbox": reads(MODERATING),
    "inbox_numbers": reads(MODERATING),
    "take": sends(MODERATING),
    "release": sends(MODERATING),
    "approve": sends(MODERATING),
    "decline": both(MODERATING),
    "take_back": sends(MODERATING),
    "alike": reads(MODERATING),
    "merge": sends(MODERATING),
    "split": sends(MODERATING),
    "hold": both(MODERATING),
    "escalate": both(MODERATING),
    "ask_back": both(MODERATING),
    "edit": both(MODERATING),
    "resume": sends(MODERATING),
    "note": both(MODERATING),
    "unmask": sends(MODERATING),
    "bulk": sends(MODERATING),
    "block": both(MODERATING),
    "blocks": reads(MODERATING),
    "lift_block": sends(MODERATING),
    "settle_report": sends(MODERATING),
    "supports": reads(MODERATING),
    "strike_supports": sends(MODERATING),
    "restore_supports": sends(MODERATING),
    "records": sends(EDITING),
    "site_records": sends(EDITING),
    "rules": both(EDITING),
    "reason_texts": both(EDITING),
    "word_lists": both(KEEPING, sending=EDITING),
    "word_lists_try": reads(KEEPING),
    "word_list": both(KEEPING, sending=EDITING),
    "word_list_add": sends(KEEPING),
    "word_list_drop": sends(KEEPING),
    "word_list_import": sends(EDITING, door=KEEPING),
    "word_list_remove": sends(EDITING, door=KEEPING),
}
PATTERNS = {pattern.name: pattern for pattern in urlpatterns}
STAFF = sorted(name for name, route in ROUTES.items() if route.may != EVERYBODY)
OF_A_PROGRAMME = sorted(name for name, pattern in PATTERNS.items() if name in ROUTES and "programme_id" in pattern.pattern.converters)
# What these are about is told in another way than by one question.
OF_OTHER_THINGS = {"bulk", "lift_block", "strike_supports", "restore_supports"}
COMMAND_MAY = {"ask": set(UNSEATED), "support": EVERYBODY}
TOPIC_MAY = {"inbox": MODERATING}


def cookie():
    response = HttpResponse()
    visitors.ensure(RequestFactory().get("/"), response)
    return response.cookies["visitor"].value


class Scene:
    """A programme with a question and everybody around it; `keys` is what addresses name."""

    def __init__(self, state=ProgrammeState.LIVE):
        self.programme = make.programme(state=state)
        self.question = make.question(self.programme)
        self.shown = make.approved(self.programme)
        guest = make.guest(self.programme)
        self.people = {role: make.seated(self.programme, role, guest=guest if role == GUEST else None) for role in SEATED[1:]}
        self.people |= {EDITOR: make.editor(), OUTSIDER: make.user(), ELSEWHERE: make.seated(make.programme(), MODERATOR), STRANGER: None}
        words = {"name": "广告", "category": "advert", "consequence": "mark", "pinyin": False}
        self.word_list = word_lists.create(**words, by=self.people[EDITOR])
        self.keys = {"programme_id": self.programme.pk, "token": self.question.receipt_token, "list_id": self.word_list.pk}

        self.barred = Block.objects.create(visitor="barred", reason="一再发布广告", by=self.people[EDITOR])
        self.clients = {person: Client() for person in self.people}
        for person, user in self.people.items():
            if user is not None:
                self.clients[person].force_login(user)

    def address(self, name, **changes):
        keys = self.keys | ({"token": self.barred.appeal_token} if name == "block_appeal" else {}) | changes
        return reverse(name, kwargs={key: keys[key] for key in PATTERNS[name].pattern.converters})

    def client(self, person):
        """The browser in which the person is signed in, on its first visit."""
        client = self.clients[person]
        client.cookies["visitor"] = cookie()
        return client

    def come(self, person, name, method, *, address="", **headers):
        question = self.shown if name == "support" else self.question
        where, words = address or self.address(name), {"question": question.pk}
        client = self.client(person)
        return (client.get if method == "GET" else client.post)(where, words, headers=headers)


@pytest.fixture
def scene():
    return Scene()


def doors(name):
    """The methods of an address, each with those who may."""
    return {method: may for method, may in (("GET", ROUTES[name].reading), ("POST", ROUTES[name].sending)) if may is not None}


DOORS_OF_A_PROGRAMME = [(name, method) for name in OF_A_PROGRAMME for method in doors(name)]


def told(response):
    """The status and, for a script, the code."""
    return response.status_code, response.json()["code"]


def test_every_address_of_moderation_stands_in_this_table():
    assert set(PATTERNS) == set(ROUTES)


def test_every_command_and_every_topic_of_moderation_stands_in_a_table():
    assert [{command.frame.__struct_config__.tag for command in COMMANDS}, {topic.prefix for topic in TOPICS}] == [
        set(COMMAND_MAY), set(TOPIC_MAY),
    ]  # fmt: skip


@pytest.mark.parametrize("name", STAFF)
def test_a_stranger_is_sent_to_sign_in_and_back(scene, name):
    before = everything()
    for method in doors(name):
        response = scene.come(STRANGER, name, method)
        # What was to be sent cannot be sent again: back to the page it came from.
        back = f"{scene.address(name)}%3Fquestion%3D{scene.question.pk}" if method == "GET" else "/staff/"
        assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={back}")
        assert told(scene.come(STRANGER, name, method, accept="application/json")) == (401, "signed_out")
    assert everything() == before


@pytest.mark.parametrize("name", STAFF)
def test_who_has_no_right_reads_who_has(scene, name):
    before = everything()
    for person in [*SEATED, OUTSIDER, ELSEWHERE]:
        if person not in ROUTES[name].may:
            for method in doors(name):
                response = scene.come(person, name, method)
                assert (person, response.status_code) == (person, 403)
                assert "您不能打开这个页面" in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_who_may_is_what_the_table_says_and_nobody_else_changes_anything(scene, name):
    before = everything()
    for method, may in doors(name).items():
        refused = {person: told(scene.come(person, name, method, accept="application/json")) for person in set(PEOPLE) - may}
        assert refused == {person: (401, "signed_out") if person == STRANGER else (403, "forbidden") for person in refused}
    assert everything() == before
    for method, may in doors(name).items():
        statuses = {person: scene.come(person, name, method, accept="application/json").status_code for person in sorted(may)}
        assert {person: status for person, status in statuses.items() if status in {401, 403, 405} or status >= 500} == {}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_nothing_changes_by_following_a_link(scene, name):
    before = everything()
    response = scene.come(EDITOR, name, "GET")
    assert (response.status_code == 405, everything()) == (ROUTES[name].reading is None, before)


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if route.sending is None))
def test_nothing_is_sent_to_what_is_only_read(scene, name):
    assert scene.come(EDITOR, name, "POST").status_code == 405


@pytest.mark.parametrize("person", [OUTSIDER, ELSEWHERE, STRANGER])
def test_a_draft_is_like_what_does_not_exist(person):
    scene = Scene(ProgrammeState.DRAFT)
    before = everything()
    for name, method in DOORS_OF_A_PROGRAMME:
        draft = scene.come(person, name, method, accept="application/json")
        nothing = scene.come(person, name, method, accept="application/json", address=scene.address(name, programme_id=uuid4()))
        assert draft.status_code == nothing.status_code != 200
        if draft.headers["Content-Type"] == "application/json":
            assert draft.json() == nothing.json()
    assert everything() == before


def test_a_programme_that_does_not_exist_is_not_found(scene):
    nowhere = {name: scene.address(name, programme_id=uuid4()) for name in OF_A_PROGRAMME}
    found = {
        name: {scene.come(EDITOR, name, method, address=where).status_code for method in doors(name)} for name, where in nowhere.items()
    }
    assert found == {name: {404} for name in OF_A_PROGRAMME}


@pytest.mark.parametrize("state", sorted(PUBLIC))
def test_no_state_of_the_programme_lets_anybody_else_in(state):
    scene = Scene(state)
    before = everything()
    others = {
        (name, person, method): told(scene.come(person, name, method, accept="application/json"))
        for name in OF_A_PROGRAMME
        for person in {HOST, GUEST, OUTSIDER, ELSEWHERE} - ROUTES[name].may
        for method in doors(name)
    }
    assert others == dict.fromkeys(others, (403, "forbidden"))
    assert everything() == before


@pytest.mark.parametrize("name", sorted(name for name in STAFF if ROUTES[name].sending == MODERATING and name not in OF_OTHER_THINGS))
def test_a_question_of_another_programme_is_not_there(scene, name):
    other = make.question(make.programme(state=ProgrammeState.LIVE))
    before = everything()
    response = scene.client(MODERATOR).post(scene.address(name), {"question": other.pk}, headers={"accept": "application/json"})
    assert (told(response), everything()) == ((404, "not_found"), before)


@pytest.mark.parametrize("op", sorted(COMMAND_MAY))
def test_who_may_send_a_command(scene, op):
    frames = {
        "ask": lambda: Ask(ref=1, programme=scene.programme.pk, token=uuid4(), nickname="", text="水压什么时候恢复？"),
        "support": lambda: Support(ref=1, question=scene.shown.pk, wanted=True),
    }
    run = {command.frame.__struct_config__.tag: command.run for command in COMMANDS}[op]
    came = {}
    for person in PEOPLE:
        try:
            run(Caller(user=scene.people[person], visitor=person, address="192.0.2.1"), frames[op]())
            came[person] = "done"
        except Refused as refused:
            came[person] = refused.code
    assert came == {person: "done" if person in COMMAND_MAY[op] else "forbidden" for person in PEOPLE}


@pytest.mark.parametrize("prefix", sorted(TOPIC_MAY))
def test_who_may_listen(scene, prefix):
    callers = {person: Caller(user=scene.people[person], visitor=person, address="192.0.2.1") for person in PEOPLE}
    topic = f"{prefix}:{scene.programme.pk}"
    access = {person: TopicTable(TOPICS).access(topic, lambda caller=caller: caller) for person, caller in callers.items()}
    assert access == {person: Access.PERSONAL if person in TOPIC_MAY[prefix] else Access.NONE for person in PEOPLE}
