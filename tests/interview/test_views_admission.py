"""Every staff address of the interview against every kind of person: who comes in, who is told to ask, who is sent to sign in."""

from uuid import uuid4

import pytest
from django.urls import reverse

from interview.models import Seat
from interview.states import ProgrammeState
from interview.urls import on_air_patterns, planning_patterns
from tests import scenes as make

pytestmark = pytest.mark.django_db

EDITOR, HOST, STENOGRAPHER, MODERATOR, GUEST = "editor", "host", "stenographer", "moderator", "guest"
PEOPLE = [EDITOR, HOST, STENOGRAPHER, MODERATOR, GUEST, "outsider", "host elsewhere"]
PLANNING, LEADING, TYPING, ANSWERING = {EDITOR}, {EDITOR, HOST}, {EDITOR, HOST, STENOGRAPHER}, {GUEST}
MAY = {
    "plan_new": PLANNING,
    **dict.fromkeys(("plan", "announce", "postpone", "cancel", "guest_add", "guest_change", "guest_up", "guest_remove"), PLANNING),
    **dict.fromkeys(("seat_add", "seat_remove", "proof", "answer_in_writing"), PLANNING),
    **dict.fromkeys(("desk", "open", "close", "extend", "put", "put_back"), LEADING),
    **dict.fromkeys(("typist", "speak", "answering", "entry", "revise_entry", "withdraw_entry"), TYPING),
    **dict.fromkeys(("sheet", "answer", "save_draft"), ANSWERING),
}
PAGES = {"plan_new", "plan", "desk", "sheet", "typist", "entry", "proof"}
NEEDS = {"guest_change": "guest_id", "guest_up": "guest_id", "guest_remove": "guest_id", "seat_remove": "seat_id"}


@pytest.fixture
def scene():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    people = {role: make.seated(programme, role, guest=guest if role == GUEST else None) for role in (HOST, STENOGRAPHER, MODERATOR, GUEST)}
    people |= {EDITOR: make.editor(), "outsider": make.user(), "host elsewhere": make.seated(make.programme(), HOST)}
    return programme, guest, people


def address(name, programme, guest=None):
    words = {} if name == "plan_new" else {"programme_id": programme.pk}
    if name in {"entry", "revise_entry", "withdraw_entry"}:
        words["position"] = 1
    if name in NEEDS:
        words[NEEDS[name]] = guest.pk if guest and NEEDS[name] == "guest_id" else uuid4()
    return reverse(name, kwargs=words)


def come(client, name, where, **headers):
    return client.get(where, headers=headers) if name in PAGES else client.post(where, {}, headers=headers)


def test_every_staff_address_stands_in_this_table():
    assert {pattern.name for pattern in [*planning_patterns, *on_air_patterns]} - {"staff"} == set(MAY)


@pytest.mark.parametrize("name", sorted(MAY))
def test_a_stranger_is_sent_to_sign_in_and_back(client, scene, name):
    programme, guest, _people = scene
    where = address(name, programme, guest)
    response = come(client, name, where)
    # What was to be sent cannot be sent again: back to the page it came from.
    back = where if name in PAGES else "/staff/"
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={back}")
    told = come(client, name, where, accept="application/json")
    assert (told.status_code, told.json()["code"]) == (401, "signed_out")


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", sorted(MAY))
def test_who_has_no_right_reads_who_has(client, scene, name, person):
    programme, guest, people = scene
    client.force_login(people[person])
    response = come(client, name, address(name, programme, guest))
    if person in MAY[name]:
        assert response.status_code not in {401, 403}
        return
    assert response.status_code == 403
    assert "您不能打开这个页面" in response.content.decode()
    told = come(client, name, address(name, programme, guest), accept="application/json")
    assert (told.status_code, told.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("name", sorted(set(MAY) - {"plan_new"}))
def test_a_draft_does_not_exist_for_outsiders(client, name):
    programme = make.programme(state=ProgrammeState.DRAFT)
    client.force_login(make.user())
    assert come(client, name, address(name, programme)).status_code == 404
    told = come(client, name, address(name, programme), accept="application/json")
    assert (told.status_code, told.json()["code"]) == (404, "not_found")


def test_a_draft_is_known_to_its_seats(client):
    programme = make.programme(state=ProgrammeState.DRAFT)
    client.force_login(make.seated(programme, MODERATOR))
    assert client.get(address("plan", programme)).status_code == 403


def test_the_refusal_names_the_editor_to_ask(client):
    programme = make.programme(created_by=make.editor(name="沈文静"))
    client.force_login(make.user())
    page = client.get(address("plan", programme)).content.decode()
    assert "这里只供编辑使用。" in page
    assert "请联系本期的编辑（沈文静），由编辑安排席位。" in page


def test_a_right_ends_with_its_seat(client, scene):
    programme, _guest, people = scene
    client.force_login(people[HOST])
    assert client.get(address("desk", programme)).status_code == 200
    Seat.objects.filter(user=people[HOST]).delete()
    assert client.get(address("desk", programme)).status_code == 403


@pytest.mark.parametrize("name", sorted(set(MAY) - {"plan_new"}))
def test_a_programme_that_does_not_exist_is_not_found(client, name):
    client.force_login(make.editor())
    words = {"programme_id": uuid4()}
    words |= {NEEDS[name]: uuid4()} if name in NEEDS else {}
    words |= {"position": 1} if name in {"entry", "revise_entry", "withdraw_entry"} else {}
    assert come(client, name, reverse(name, kwargs=words)).status_code == 404


@pytest.mark.parametrize("name", sorted(set(MAY) - PAGES))
def test_nothing_changes_by_following_a_link(client, scene, name):
    programme, guest, people = scene
    client.force_login(people[EDITOR])
    assert client.get(address(name, programme, guest)).status_code == 405
