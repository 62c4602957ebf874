import logging

import pytest
from django.db import transaction

from interview import listeners, transcript
from interview.models import Entry
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(listeners, "_listeners", [])
    told: list[str] = []
    listeners.add(told.append)
    return told


def test_listeners_hear_of_an_archived_programme_after_the_commit(heard):
    programme = make.programme(state=ProgrammeState.ARCHIVED)
    with transaction.atomic():
        listeners.tell(programme)
        assert heard == []
    assert heard == [str(programme.pk)]


@pytest.mark.parametrize("state", sorted(set(ProgrammeState) - {ProgrammeState.ARCHIVED}))
def test_they_hear_of_no_other(heard, state):
    with transaction.atomic():
        listeners.tell(make.programme(state=state))
    assert heard == []


def test_they_hear_nothing_of_what_was_rolled_back(heard):
    programme = make.programme(state=ProgrammeState.ARCHIVED)
    with transaction.atomic():
        listeners.tell(programme)
        transaction.set_rollback(True)
    assert heard == []


def test_a_listener_is_called_once_however_often_it_was_added(heard):
    listeners.add(listeners._listeners[0])
    with transaction.atomic():
        listeners.tell(make.programme(state=ProgrammeState.ARCHIVED))
    assert len(heard) == 1


def test_a_failing_listener_harms_nobody(heard, caplog):
    def fail(_programme_id: str) -> None:
        raise OSError("no queue")

    listeners._listeners.insert(0, fail)
    with caplog.at_level(logging.ERROR), transaction.atomic():
        listeners.tell(make.programme(state=ProgrammeState.ARCHIVED))
    assert len(heard) == 1
    assert "no queue" in caplog.text


def test_a_correction_of_an_archived_programme_is_told(heard):
    programme = make.programme(state=ProgrammeState.LIVE)
    typist = make.seated(programme, "stenographer")
    transcript.publish_remark(programme=programme, text="大家好。", by=typist)
    make.move(programme, ProgrammeState.ARCHIVED)
    transcript.revise(entry=Entry.objects.get(), text="各位好。", seen=1, by=typist)
    assert heard == [str(programme.pk)]
