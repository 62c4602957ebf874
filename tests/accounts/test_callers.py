import time

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.signing import Signer

from accounts import callers
from tests import scenes as make

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def scope(cookie="", peer="192.0.2.1", forwarded=""):
    headers = [(b"cookie", cookie.encode("latin-1"))] + ([(b"x-forwarded-for", forwarded.encode())] if forwarded else [])
    return {"headers": headers, "client": [peer, 4711]}


def session_of(person):
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


def test_a_stranger_is_nobody_with_an_address():
    assert callers.from_scope(scope()) == callers.Caller(user=None, visitor=None, address="192.0.2.1")


def test_a_session_is_its_person():
    person = make.user()
    assert callers.from_scope(scope(session_of(person))).user == person


def test_a_changed_password_or_a_closed_account_ends_the_session():
    person = make.user(password="eins")
    cookie = session_of(person)
    person.set_password("zwei")
    person.save()
    assert callers.from_scope(scope(cookie)).user is None
    other = make.user()
    cookie = session_of(other)
    other.is_active = False
    other.save()
    assert callers.from_scope(scope(cookie)).user is None


@pytest.mark.parametrize(
    "cookie", ["sessionid=invented", "sessionid=", "visitor=invented", "visitor=a:b", "\x00;=;;", "visitor=" + "x" * 9000]
)
def test_a_forged_cookie_is_no_cookie(cookie):
    caller = callers.from_scope(scope(cookie))
    assert (caller.user, caller.visitor) == (None, None)


def test_a_visitor_is_known_by_the_signed_cookie():
    key = "A" * 22
    old, new = (Signer(salt="accounts.visitors").sign(value) for value in (key, f"{key}:{int(time.time()) - 100}"))
    assert (callers.from_scope(scope(f"visitor={old}")).visitor, callers.from_scope(scope(f"visitor={new}")).visitor) == (key, key)


@pytest.mark.parametrize(("moment", "age"), [(1_000, 0), (1_002.9, 2), (5_000, 4_000), (999, None)])
def test_the_age_of_a_cookie_is_told_unless_the_clock_was_put_back(monkeypatch, rf, moment, age):
    cookie = "visitor=" + Signer(salt="accounts.visitors").sign(f"{'A' * 22}:1000")
    monkeypatch.setattr("accounts.visitors.time.time", lambda: moment)
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_COOKIE=cookie)
    request.user = AnonymousUser()
    expected = callers.Caller(None, "A" * 22, "192.0.2.1", age)
    assert [callers.from_scope(scope(cookie)), callers.from_request(request), callers.from_cookies(request)] == [expected] * 3


def test_the_age_of_an_old_cookie_is_not_known():
    cookie = "visitor=" + Signer(salt="accounts.visitors").sign("A" * 22)
    assert callers.from_scope(scope(cookie)) == callers.Caller(None, "A" * 22, "192.0.2.1", None)


def test_the_proxy_s_word_is_believed_over_both_doors(settings, rf):
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")
    request.user = AnonymousUser()
    lines = {"headers": [(b"X-Forwarded-For", b"6.6.6.6"), (b"x-forwarded-for", b"203.0.113.9")], "client": ["192.0.2.1", 4711]}
    addresses = {callers.from_request(request).address, callers.from_scope(lines).address}
    assert addresses == {"203.0.113.9"}


def test_a_spoofed_header_is_not_believed(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert callers.from_scope(scope(forwarded="203.0.113.9, 10.0.0.1")).address == "192.0.2.1"


def test_a_socket_without_an_address_is_unknown():
    assert callers.from_scope({"headers": [], "client": None}).address == "0.0.0.0"


def test_a_neighbour_s_odd_cookie_does_not_hide_ours():
    person = make.user()
    assert callers.from_scope(scope('odd[name]={"a": "b"}; ' + session_of(person))).user == person


def test_a_session_outlives_a_new_secret_key_and_is_not_touched(settings):
    person = make.user()
    cookie = session_of(person)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as they have to be: 0123456789"
    assert (callers.from_scope(scope(cookie)).user, Session.objects.count()) == (person, 1)
    settings.SECRET_KEY_FALLBACKS = []
    assert (callers.from_scope(scope(cookie)).user, Session.objects.count()) == (None, 1)


def test_a_request_tells_the_same(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    request.user = make.user()
    assert callers.from_request(request) == callers.Caller(user=request.user, visitor=None, address="192.0.2.1")


def test_a_request_that_went_past_the_session_is_told_by_its_cookies(rf):
    person = make.user()
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_COOKIE=session_of(person))
    assert callers.from_cookies(request) == callers.Caller(user=person, visitor=None, address="192.0.2.1")
    assert callers.from_cookies(rf.get("/")).user is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "sender"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::1", "", "2001:db8:1:2::/64"),
        ("", "", "0.0.0.0"),
    ],
)
def test_sockets_are_counted_by_household_and_behind_our_proxies(settings, peer, forwarded, sender):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert callers.sender(scope(peer=peer, forwarded=forwarded)) == sender
