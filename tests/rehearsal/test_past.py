from datetime import timedelta
from pathlib import Path

import pytest

from interview.models import Programme, Question
from interview.states import ProgrammeState
from rehearsal import past, script
from rehearsal.script import Script
from tests import scenes as make
from tests.rehearsal.scripts import DECLINED, HEAD, QUESTION, REMARK, WAITING, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portal(settings, tmp_path: Path) -> Path:
    settings.PORTAL_ROOT = tmp_path / "portal"
    return settings.PORTAL_ROOT


@pytest.fixture
def held(tmp_path: Path) -> Script:
    path = written(tmp_path, REMARK, QUESTION, DECLINED, WAITING)
    path.write_text("start = 2010-07-14T15:00:00+08:00\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert HEAD in path.read_text(encoding="utf-8")
    return script.read(path)


def test_a_script_becomes_an_archived_interview_at_its_own_times(held: Script, portal: Path):
    programme = past.load(held, key="demo/water", by=make.editor())
    programme.refresh_from_db()
    assert held.start is not None
    assert (programme.state, programme.opened_at, programme.planned_start) == (ProgrammeState.ARCHIVED, held.start, held.start)
    assert programme.announced_at == held.start - timedelta(days=7)
    assert [
        (question.text, question.state, (question.received_at - held.start).total_seconds()) for question in programme.questions.all()
    ] == [
        ("水压什么时候恢复？", Question.State.ANSWERED, -60),
        ('某某单位的"事"，\n谁来管？', Question.State.DECLINED, 5),
        ("还没有人看过的提问。", Question.State.OWED, 10),
    ]
    spoken = [(entry.kind, entry.text) for entry in programme.entries.exclude(kind="notice").order_by("position")]
    assert spoken[:3] == [("remark", "各位网友好。"), ("question", "水压什么时候恢复？"), ("answer", "今晚八点。")]
    assert len(list(portal.glob("**/transcript.json"))) == 1


def test_loaded_twice_it_is_there_once(held: Script):
    by = make.editor()
    first = past.load(held, key="demo/water", by=by)
    assert past.load(held, key="demo/water", by=by) == first
    assert Programme.objects.count() == 1


def test_one_that_was_imported_and_not_archived_is_archived(held: Script, portal: Path):
    by = make.editor()
    first = past.load(held, key="demo/water", by=by)
    make.move(first, ProgrammeState.ENDED)
    assert past.load(held, key="demo/water", by=by).pk == first.pk
    assert Programme.objects.get().state == ProgrammeState.ARCHIVED
