import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

import settings as site
from accounts.forms import PASSWORD_LIMIT, SignInForm
from accounts.throttle import ADDRESS_FAILURES, FAILURES
from tests import scenes as make

pytestmark = pytest.mark.django_db
REFUSAL = "账号或密码不正确，或尝试次数过多。请15分钟后再试，或联系管理员。"


class Counting(Argon2PasswordHasher):
    """Argon2, cheap, that counts its work: the measure of time in which answers may not differ."""

    algorithm = "counting"
    time_cost, memory_cost, parallelism = 1, 64, 1
    hashed = 0

    def encode(self, password, salt):
        Counting.hashed += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        Counting.hashed += 1
        return super().verify(password, encoded)


@pytest.fixture
def person(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    return make.user(username="moderator", password="right")


def sign_in(username="moderator", password="right", address="192.0.2.1"):  # noqa: S107
    """The form after judging, and how many passwords were hashed for it."""
    Counting.hashed = 0
    form = SignInForm({"username": username, "password": password}, address=address)
    form.is_valid()
    return form, Counting.hashed


def test_the_right_password_finds_the_person(person):
    assert sign_in()[0].user == person


def test_unknown_closed_wrong_and_locked_answer_alike_and_work_alike(person):
    make.user(username="closed", password="right", is_active=False)
    make.user(username="without")
    answers = [sign_in(password="wrong"), sign_in(username="nobody"), sign_in(username="closed"), sign_in(username="without")]
    for _ in range(FAILURES):
        sign_in(password="wrong")
    answers.append(sign_in())
    assert [(form.user, form.errors, hashed) for form, hashed in answers] == [(None, {"__all__": [REFUSAL]}, 1)] * 5


def test_a_flood_costs_no_hashing_and_hears_the_same(person):
    for number in range(ADDRESS_FAILURES):
        sign_in(username=f"account{number}")
    form, hashed = sign_in()
    assert (form.non_field_errors(), form.user, hashed) == ([REFUSAL], None, 0)


@pytest.mark.parametrize(
    ("username", "password", "wrong"),
    [
        ("", "", {"username", "password"}),
        ("   ", "x", {"username"}),
        ("x" * 61, "x", {"username"}),
        ("a\x00b", "x", {"username"}),
        ("moderator", "x" * (PASSWORD_LIMIT + 1), {"password"}),
    ],
)
def test_what_cannot_be_an_account_is_told_by_its_field_and_not_tried(person, username, password, wrong):
    form, hashed = sign_in(username, password)
    assert (set(form.errors), form.user, hashed) == (wrong, None, 0)


def test_a_password_is_taken_as_it_was_typed(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = make.user(username="blank", password=" 口令 🐎 ")
    assert sign_in("blank", " 口令 🐎 ")[0].user == person
    assert sign_in("blank", "口令 🐎")[0].user is None


def test_the_site_keeps_passwords_by_argon2_which_takes_memory_and_time(settings):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    person = make.user(username="slow", password="right")
    assert person.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert [sign_in("slow", word)[0].user for word in ("right", "wrong")] == [person, None]
