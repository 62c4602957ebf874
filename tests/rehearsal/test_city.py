import itertools
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from accounts.models import User
from interview.models import Entry, Programme, Question
from interview.states import ProgrammeState
from organisations.models import Organisation
from rehearsal import city
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.PORTAL_ROOT = tmp_path / "data", tmp_path / "portal"
    settings.DATA_DIR.mkdir()
    return tmp_path


def states() -> list[str]:
    return sorted(Programme.objects.values_list("state", flat=True))


def held() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Programme, Question, Entry, Organisation, User)}


def test_the_city_has_ten_past_interviews_one_to_come_and_one_to_be_live(folders: Path):
    made = city.load()
    assert states() == [*["announced"] * 2, *["archived"] * 10]
    past = Programme.objects.filter(state=ProgrammeState.ARCHIVED).order_by("planned_start")
    starts = [make.local(programme.planned_start) for programme in past]
    assert (f"{starts[0]:%Y-%m}", f"{starts[-1]:%Y-%m}") == ("2010-07", "2010-11")
    assert {(later - earlier).days for earlier, later in itertools.pairwise(starts)} == {14}
    coming = make.local(Programme.objects.get(pk=made["coming"].programme_id).planned_start)
    assert ((coming - timezone.now()).days in {6, 7}, coming.hour, coming.minute) == (True, 15, 0)
    assert Programme.objects.filter(rehearsal=True).count() == 0
    assert len(list(folders.glob("portal/**/transcript.json"))) == 10


def test_loaded_again_it_is_the_same_city():
    first, before = city.load(), held()
    assert (city.load(), held()) == (first, before)
    assert city.read() == first
    # Passwords are for the owner of the data alone.
    assert city.casts_file().stat().st_mode & 0o777 == 0o600


def test_before_the_first_load_nobody_is_known():
    assert city.read() == {}


def test_an_interview_on_air_goes_on_and_one_that_was_closed_is_followed_by_a_new_one():
    first = city.load()
    live, coming = (Programme.objects.get(pk=first[name].programme_id) for name in ("live", "coming"))
    make.move(live, ProgrammeState.LIVE)
    Programme.objects.filter(pk=coming.pk).update(planned_start=timezone.now())
    assert city.load() == first
    # Nobody opened it: it is put ahead.
    coming.refresh_from_db()
    assert coming.planned_start > timezone.now()
    make.move(live, ProgrammeState.ENDED)
    second = city.load()
    assert second["coming"] == first["coming"]
    assert second["live"].programme_id != first["live"].programme_id
    assert states() == [*["announced"] * 2, *["archived"] * 10, "ended"]
    assert authenticate(username=second["live"].host.username, password=second["live"].host.password) is not None


def test_everybody_who_can_sign_in_is_told_with_their_page():
    cast = city.load()["live"]
    told = list(city.sign_ins(cast))
    assert sorted(username for _role, _page, username, _password in told) == sorted(member.username for member in cast.members)
    desk = f"/staff/interviews/{cast.programme_id}/"
    assert {page for _role, page, _username, _password in told} == {
        "/staff/",
        *(desk + name for name in ("desk/", "typist/", "inbox/", "sheet/")),
    }
    assert [authenticate(username=username, password=password) is None for _role, _page, username, password in told] == [False] * len(told)
