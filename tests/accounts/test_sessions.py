import pytest

from accounts import callers
from accounts.sessions import SessionStore
from tests import scenes as make

pytestmark = pytest.mark.django_db

# In a quoted cookie \\000 is a character that PostgreSQL stores nowhere.
FORGED = ['"abcdefghijkl\\000"', "short", "A" * 32, "a" * 33, "", "../../etc/passwd", "' OR 1=1 --"]


def test_a_session_is_found_by_its_key():
    made = SessionStore()
    made["word"] = "水"
    made.save()
    assert SessionStore(made.session_key)["word"] == "水"


def test_who_is_signed_in_is_known_by_the_cookie(client):
    person = make.user()
    client.force_login(person)
    assert client.get("/staff/").status_code == 200
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert callers.from_scope({"headers": [(b"cookie", cookie.encode())], "client": ["192.0.2.1", 1]}).user == person


@pytest.mark.parametrize("cookie", FORGED)
def test_a_forged_cookie_is_nobody_on_pages_logs_and_sockets(client, cookie):
    headers = {"cookie": f"sessionid={cookie}"}
    page, log = client.get("/staff/", headers=headers), client.get(f"/log/inbox:{make.programme().pk}/tip.json", headers=headers)
    assert (page.status_code, page["Location"], log.status_code) == (302, "/sign-in/?next=/staff/", 404)
    scope = {"headers": [(b"cookie", headers["cookie"].encode())], "client": ["192.0.2.1", 1]}
    assert callers.from_scope(scope).user is None


def test_signing_in_over_a_forged_cookie_makes_a_session_of_our_own(client):
    person = make.user(username="linxiaolan")
    person.set_password("a password for this test")
    person.save()
    client.cookies["sessionid"] = "forged-by-somebody"
    answer = client.post("/sign-in/", {"username": "linxiaolan", "password": "a password for this test"})
    assert (answer.status_code, len(client.cookies["sessionid"].value)) == (302, 32)
