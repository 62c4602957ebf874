from uuid import uuid4

import pytest

from accounts.callers import Caller
from interview import topics
from interview.states import ProgrammeState
from realtime.topics import Access, TopicTable
from tests import scenes as make

pytestmark = pytest.mark.django_db
STRANGER = Caller(user=None, visitor=None, address="192.0.2.1")


def caller(user):
    return Caller(user=user, visitor=None, address="192.0.2.1")


def readers(pattern, key, people):
    return {name for name, user in people.items() if may_read(pattern, caller(user) if user else STRANGER, key)}


def may_read(pattern, somebody, key):
    return TopicTable([pattern]).access(f"{pattern.prefix}:{key}", lambda: somebody) is not Access.NONE


@pytest.fixture
def scene():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest, other = make.guest(programme), make.guest(programme)
    people = {role: make.seated(programme, role) for role in ("host", "moderator", "stenographer")}
    people |= {"guest": make.seated(programme, "guest", guest=guest), "other guest": make.seated(programme, "guest", guest=other)}
    people |= {"editor": make.editor(), "host elsewhere": make.seated(make.programme(), "host"), "nobody": make.user(), "stranger": None}
    return programme, guest, people


def test_everybody_reads_the_stage(scene):
    programme, _guest, people = scene
    assert readers(topics.STAGE, programme.pk, people) == set(people)


def test_the_stage_of_a_draft_exists_for_its_people_only(scene):
    programme, _guest, people = scene
    make.move(programme, ProgrammeState.DRAFT)
    assert readers(topics.STAGE, programme.pk, people) == set(people) - {"host elsewhere", "nobody", "stranger"}


def test_the_desk_is_read_by_who_leads_or_types(scene):
    programme, _guest, people = scene
    assert readers(topics.DESK, programme.pk, people) == {"host", "stenographer", "editor"}


def test_a_sheet_is_read_by_its_guest_and_who_leads_or_types(scene):
    _programme, guest, people = scene
    assert readers(topics.GUEST, guest.pk, people) == {"guest", "host", "stenographer", "editor"}


@pytest.mark.parametrize("token", ["", "x", "\0" * 27, "水" * 27, "x" * 27, "x" * 100])
def test_what_is_no_receipt_is_read_by_nobody(token):
    assert not may_read(topics.RECEIPT, STRANGER, token)


def test_a_receipt_is_read_by_whoever_knows_its_token(scene):
    programme, _guest, people = scene
    question = make.question(programme)
    assert readers(topics.RECEIPT, question.receipt_token, people) == set(people)
    assert readers(topics.RECEIPT, "A" * 27, people) == set()


@pytest.mark.parametrize("pattern", [topics.STAGE, topics.DESK, topics.GUEST])
@pytest.mark.parametrize(
    "key", ["", "x", "1", "'; --", "../..", "01900000-0000-7000-8000-000000000000", "01900000000070008000000000000000"]
)
def test_what_does_not_exist_or_is_spelt_otherwise_is_read_by_nobody(scene, pattern, key):
    assert readers(pattern, key, scene[2]) == set()


def test_a_topic_has_one_spelling(scene):
    programme = scene[0]
    assert not may_read(topics.STAGE, STRANGER, str(programme.pk).upper())
    assert not may_read(topics.STAGE, STRANGER, programme.pk.hex)
    assert not may_read(topics.STAGE, STRANGER, uuid4())


def test_a_closed_account_reads_nothing_of_the_staff(scene):
    programme, _guest, people = scene
    people["host"].is_active = False
    people["host"].save()
    assert "host" not in readers(topics.DESK, programme.pk, people)


@pytest.mark.parametrize("state", list(ProgrammeState))
def test_a_stage_is_public_as_soon_as_it_is_announced_and_nothing_else_ever_is(scene, state):
    programme, guest, people = scene
    make.move(programme, state)
    table = TopicTable(topics.TOPICS)
    names = [topics.STAGE.name(str(programme.pk)), topics.DESK.name(str(programme.pk)), topics.GUEST.name(str(guest.pk))]
    names.append(topics.RECEIPT.name(make.question(programme).receipt_token))
    host = Caller(user=people["host"], visitor=None, address="192.0.2.1")
    public = Access.PERSONAL if state == ProgrammeState.DRAFT else Access.PUBLIC
    assert [table.access(name, lambda: host) for name in names] == [public, Access.PERSONAL, Access.PERSONAL, Access.PERSONAL]
