from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archive.importing import ImportedAnswer, ImportedGuest, ImportedQuestion, ImportedRemark, import_transcript
from interview.models import Entry, Programme, Question
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make
from tests.archive.records import OPENED, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make.editor()


def test_an_imported_interview_has_ended_at_the_times_of_its_record(editor):
    unit = make.organisation()
    programme = import_transcript(record(unit), by=editor)
    programme.refresh_from_db()
    assert (programme.state, programme.is_imported, programme.unit) == ("ended", True, unit)
    assert (programme.planned_start, programme.opened_at, programme.closed_at) == (OPENED, OPENED, OPENED + timedelta(minutes=60))
    assert programme.questions_received == 4
    assert programme.entries_published == Entry.objects.filter(programme=programme).count() == 6


def test_entries_stand_in_the_order_they_were_said_and_a_question_directly_before_its_answer(editor):
    programme = import_transcript(record(make.organisation(name="浔江市自来水公司")), by=editor)
    said = [(entry.position, entry.kind, entry.speaker, entry.post, entry.text) for entry in programme.entries.order_by("position")]
    post = "市自来水公司总经理"
    assert said == [
        (1, "remark", "苏禾", "", "请网友提问。"),
        (2, "question", "铁匠巷老住户", "", "水发黄，能喝吗？"),
        (3, "answer", "蔺守田", post, "放清了再接。"),
        (4, "remark", "蔺守田", post, "感谢大家。"),
        (5, "question", "匿名网友", "", "二次供水谁管？"),
        (6, "answer", "浔江市自来水公司", "", "由产权单位负责清洗。"),
    ]


def test_questions_are_numbered_as_received_and_carry_their_fate_and_origin(editor):
    programme = import_transcript(record(make.organisation()), by=editor)
    fates = [(q.number, q.origin, q.state, q.reason) for q in programme.questions.order_by("number")]
    assert fates == [
        (1, "before", "answered", ""),
        (2, "live", "declined", "advert"),
        (3, "live", "owed", ""),
        (4, "live", "answered", ""),
    ]
    assert programme.questions.get(number=4).answers.get().mode == "written"


def test_the_same_record_twice_is_the_same_programme(editor):
    unit = make.organisation()
    first = import_transcript(record(unit), by=editor)
    assert import_transcript(record(unit), by=editor) == first
    assert (Programme.objects.count(), Question.objects.count()) == (1, 4)
    assert import_transcript(record(unit, key="water-2010-08"), by=editor) != first


def test_nobody_is_told_of_what_was_said_years_ago(editor):
    import_transcript(record(make.organisation()), by=editor)
    assert Event.objects.count() == 0


def test_only_an_editor_imports():
    with pytest.raises(Refused) as refusal:
        import_transcript(record(make.organisation()), by=make.user())
    assert refusal.value.code == "forbidden"
    assert Programme.objects.count() == 0


@pytest.mark.parametrize(
    "turn",
    [
        ImportedRemark(at=OPENED, text="谁？", guest="nobody"),
        ImportedRemark(at=OPENED, text=" \u200b"),
        ImportedRemark(at=datetime(2010, 7, 14, 15, 0), text="没有时区"),  # noqa: DTZ001 - what is refused
        ImportedQuestion(received_at=OPENED, text="好吗？", reason="boring"),
        ImportedQuestion(received_at=OPENED, text="好吗？", answer=ImportedAnswer(at=OPENED, text="")),
        ImportedQuestion(received_at=OPENED, text="好吗？", answer=ImportedAnswer(at=OPENED, text="好。", guest="nobody")),
        ImportedQuestion(received_at=OPENED, text="好吗？", answer=ImportedAnswer(at=OPENED, text="好。"), reason="advert"),
    ],
)
def test_a_record_that_cannot_be_true_is_refused_whole(editor, turn):
    wrong = replace(record(make.organisation()), turns=[ImportedRemark(at=OPENED, text="大家好。"), turn])
    with pytest.raises(Refused) as refusal:
        import_transcript(wrong, by=editor)
    assert refusal.value.code == "invalid"
    assert Programme.objects.count() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "水" * 121},
        {"key": "k" * 121},
        {"host": "主" * 41},
        {"guests": [ImportedGuest(key="a", name="赵" * 41, post="经理")]},
        {"turns": [ImportedQuestion(received_at=OPENED, text="好吗？", nickname="老" * 21)]},
        {"turns": [ImportedQuestion(received_at=OPENED, text="好吗？", reason="advert", reason_words="广" * 301)]},
    ],
)
def test_words_too_long_for_their_column_are_named_not_cut(editor, changed):
    with pytest.raises(Refused, match="最多"):
        import_transcript(replace(record(make.organisation(), guests=[], turns=[]), **changed), by=editor)
    assert Programme.objects.count() == 0


def test_control_and_bidi_characters_do_not_come_in(editor):
    turns = [
        ImportedRemark(at=OPENED, text="大\u202e家\x07好"),
        ImportedQuestion(received_at=OPENED, nickname="老\u200b李", text="<b>好</b>吗？"),
    ]
    programme = import_transcript(record(make.organisation(), title="供\x00水", turns=turns), by=editor)
    assert (programme.title, programme.entries.get().text, programme.questions.get().nickname) == ("供水", "大家好", "老李")
