"""A proof of work is right once, for one programme and one visitor, and not for long."""

import base64
import json

import pytest
import time_machine
from altcha import ChallengeV1, PayloadV1, solve_challenge_v1

from interview.states import ProgrammeState
from moderation import challenge, rules, throttle
from moderation.challenge import Wanted
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def easy(monkeypatch):
    monkeypatch.setattr(challenge, "HARDNESS", 200)


def solved(programme, visitor="li", **changes):
    given = challenge.make(programme=programme, visitor=visitor)
    number = solve_challenge_v1(given["challenge"], given["salt"], given["algorithm"], given["maxNumber"]).number
    wanted = {name: given[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(wanted | changes).encode()).decode()


def refusal(programme, solution, visitor="li"):
    with pytest.raises(Wanted) as caught:
        challenge.check(programme=programme, visitor=visitor, solution=solution)
    assert caught.value.code == "challenge"
    return caught.value.detail


def set_rules(programme, when):
    rules.change(programme=programme, by=make.editor(), two_stage=False, challenge=when, sign_in_required=False, supports_hidden=False)


def test_a_right_solution_is_taken_once(programme):
    solution = solved(programme)
    challenge.check(programme=programme, visitor="li", solution=solution)
    assert refusal(programme, solution) == "这次验证已经用过，请再提交一次。您写的内容还在。"


def test_it_is_good_for_this_visitor_and_this_programme_only(programme):
    other = make.programme(state=ProgrammeState.LIVE)
    assert refusal(programme, solved(programme), visitor="wang").startswith("验证没有通过")
    assert refusal(other, solved(programme)).startswith("验证没有通过")


def test_it_is_too_old_after_twenty_minutes(programme):
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False) as clock:
        solution = solved(programme)
        clock.shift(challenge.SPAN.total_seconds() + 2)
        assert refusal(programme, solution).startswith("验证没有通过")


@pytest.mark.parametrize("change", [{"number": 10**6}, {"challenge": "0" * 64}, {"signature": "0" * 64}, {"salt": "0?expires=9999999999&"}])
def test_what_was_changed_is_not_right(programme, change):
    assert refusal(programme, solved(programme, **change)).startswith("验证没有通过")


@pytest.mark.parametrize(
    "solution", ["x", "{}", "W10=", "bnVsbA==", base64.b64encode(b'{"salt": 1}').decode(), "A" * 1_001, "验证", "[" * 900]
)
def test_what_is_no_solution_is_told_like_a_wrong_one(programme, solution):
    assert refusal(programme, solution).startswith("验证没有通过")


def test_none_at_all_says_what_will_happen(programme):
    assert refusal(programme, "").startswith("现在提问很集中")


def test_it_is_wanted_always_never_or_under_pressure(programme, settings):
    settings.ASK_PRESSURE = "2/minute"
    wanted = []
    for when in ("always", "never", "pressure"):
        set_rules(programme, when)
        wanted.append(challenge.is_wanted(programme))
    for number in range(2):
        throttle.take(throttle.Asker(f"v{number}", f"192.0.2.{number}", str(programme.pk)))
    wanted.append(challenge.is_wanted(programme))
    assert wanted == [True, False, False, True]
    assert challenge.is_wanted(make.programme(state=ProgrammeState.LIVE)) is False


def test_a_rehearsal_never_needs_one():
    programme = make.programme(state=ProgrammeState.LIVE, rehearsal=True)
    set_rules(programme, "always")
    assert challenge.is_wanted(programme) is False


def test_the_library_reads_what_we_send_and_the_other_way_round(programme):
    given = challenge.make(programme=programme, visitor="li")
    assert list(given) == ["algorithm", "challenge", "maxNumber", "salt", "signature"]
    assert (given["algorithm"], given["maxNumber"]) == ("SHA-256", 200)
    assert ChallengeV1(given["algorithm"], given["challenge"], given["maxNumber"], given["salt"], given["signature"]).to_dict() == given
    assert PayloadV1.from_base64(solved(programme)).algorithm == "SHA-256"
