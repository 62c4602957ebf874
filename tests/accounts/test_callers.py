import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
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


@pytest.mark.parametrize("cookie", ["sessionid=invented", "sessionid=", "visitor=invented", "visitor=a:b", "\x00;=;;", "visitor=" + "x" * 9000])
def test_a_forged_cookie_is_no_cookie(cookie):
    caller = callers.from_scope(scope(cookie))
    assert (caller.user, caller.visitor) == (None, None)


def test_a_visitor_is_known_by_the_signed_cookie():
    key = "A" * 22
    assert callers.from_scope(scope(f"visitor={Signer(salt='accounts.visitors').sign(key)}")).visitor == key


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "not an address", "192.0.2.1"),
    ],
)
def test_only_what_our_own_proxies_added_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert callers.from_scope(scope(forwarded=forwarded)).address == address


def test_a_request_tells_the_same(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    request.user = make.user()
    assert callers.from_request(request) == callers.Caller(user=request.user, visitor=None, address="192.0.2.1")
