from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import SignInFailure
from accounts.throttle import ADDRESS_FAILURES, FAILURES, LOCK
from tests import scenes as make

pytestmark = pytest.mark.django_db
PASSWORD = "一个足够长的口令2026"


@pytest.fixture
def person():
    return make.user(username="moderator", password=PASSWORD)


def sign_in(client, *, username="moderator", password=PASSWORD, **more):
    extra = {key: more.pop(key) for key in list(more) if key.startswith(("REMOTE", "HTTP"))}
    return client.post("/sign-in/", {"username": username, "password": password, **more}, **extra)


def test_a_person_signs_in_and_goes_where_they_wanted(client, person):
    answer = sign_in(client, next="/staff/organisations/")
    assert (answer.status_code, answer["Location"]) == (302, "/staff/organisations/")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("spelling", ["MODERATOR", " moderator ", "ｍｏｄｅｒａｔｏｒ"])
def test_the_account_is_found_however_it_is_spelt(client, person, spelling):
    assert sign_in(client, username=spelling).status_code == 302


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"])
def test_nobody_is_sent_to_another_site(client, person, next_page):
    assert sign_in(client, next=next_page)["Location"] == "/staff/"


def test_unknown_account_wrong_password_and_lock_answer_alike(client, person):
    wrong = sign_in(client, password="falsch")
    unknown = sign_in(client, username="nobody")
    for _ in range(FAILURES):
        sign_in(client, password="falsch")
    locked = sign_in(client)
    sentences = {answer.context["form"].non_field_errors()[0] for answer in (wrong, unknown, locked)}
    assert (wrong.status_code, unknown.status_code, locked.status_code) == (422, 422, 422)
    assert sentences == {"账号或密码不正确，或尝试次数过多。请15分钟后再试，或联系管理员。"}


def test_the_lock_ends_and_trying_meanwhile_does_not_prolong_it(client, person):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(FAILURES):
            sign_in(client, password="falsch")
        clock.shift(LOCK / 2)
        assert sign_in(client).status_code == 422
        clock.shift(LOCK / 2 + timedelta(seconds=1))
        assert sign_in(client).status_code == 302


def test_a_stranger_elsewhere_does_not_lock_an_official_out(client, person):
    for _ in range(FAILURES + 1):
        sign_in(client, password="falsch", REMOTE_ADDR="203.0.113.9")
    assert sign_in(client, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_one_address_does_not_try_many_accounts(client, person):
    for number in range(ADDRESS_FAILURES):
        sign_in(client, username=f"account{number}")
    assert sign_in(client).status_code == 422


def test_the_password_typed_as_username_is_not_stored(client, person):
    sign_in(client, username=PASSWORD, password="x")
    assert PASSWORD not in str(list(SignInFailure.objects.values()))


def test_an_inactive_account_stays_outside(client, person):
    person.is_active = False
    person.save()
    assert sign_in(client).status_code == 422


def test_the_session_is_a_new_one_after_signing_in(client, person):
    client.get("/sign-in/")
    session = client.session
    session["seen"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_signing_out_takes_a_post(client, person):
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_spoofed_address_does_not_open_the_lock(client, person):
    for number in range(FAILURES):
        sign_in(client, password="falsch", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert sign_in(client, HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 422


def test_a_post_without_our_token_is_refused(person):
    stranger = Client(enforce_csrf_checks=True)
    assert sign_in(stranger).status_code == 403
    assert sign_in(stranger, csrfmiddlewaretoken="x" * 64).status_code == 403
    assert SignInFailure.objects.count() == 0


def test_the_page_is_never_kept_and_never_repeats_the_password(client, person):
    page = sign_in(client, password="falsches Kennwort", next="/staff/organisations/")
    assert (b"falsches" in page.content, b'value="/staff/organisations/"' in page.content) == (False, True)
    assert "no-store" in page["Cache-Control"]


def test_another_person_at_the_same_browser_takes_over_nothing(client, person):
    sign_in(client)
    session = client.session
    session["draft"] = "of the first"
    session.save()
    other = make.user(username="other", password=PASSWORD)
    sign_in(client, username="other")
    assert (client.session["_auth_user_id"], "draft" in client.session) == (str(other.pk), False)


def test_an_empty_form_says_what_is_missing(client):
    page = client.post("/sign-in/")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["username", "password"])
