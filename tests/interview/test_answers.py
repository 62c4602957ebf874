import pytest

from interview import answers, questions, schedule
from interview.models import Answer, Draft, Entry, Question
from interview.states import ProgrammeState, QuestionState
from interview.text import ANSWER_LIMIT
from realtime.commands import Refused
from realtime.hints import Hint
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    speaker, host = make.seated(programme, "guest", guest=guest), make.seated(programme, "host")
    question = questions.put(question=make.approved(programme), guest=guest, by=host)
    return programme, guest, speaker, host, question


def test_an_answer_stands_behind_its_question_on_the_transcript(scene):
    programme, guest, speaker, _host, question = scene
    answers.answer(question=question, guest=guest, text="今晚八点恢复供水。", by=speaker)
    assert list(programme.entries.values_list("kind", "text", "speaker")) == [
        ("question", question.text, question.nickname),
        ("answer", "今晚八点恢复供水。", guest.name),
    ]
    question.refresh_from_db()
    assert question.state == QuestionState.ANSWERED


def test_a_second_answer_is_refused_and_the_first_stays(scene):
    _programme, guest, speaker, host, question = scene
    answers.answer(question=question, guest=guest, text="一", by=speaker)
    with pytest.raises(Refused) as refusal:
        answers.answer(question=question, guest=guest, text="二", by=host)
    assert refusal.value.code == "conflict"
    assert list(Answer.objects.values_list("text", flat=True)) == ["一"]


def test_answering_after_the_close_is_refused_and_the_draft_kept(scene):
    programme, guest, speaker, host, question = scene
    seat = guest.seats.get()
    answers.save_draft(question=question, seat=seat, text="写到一半")
    schedule.close(programme=programme, by=host)
    with pytest.raises(Refused) as refusal:
        answers.answer(question=question, guest=guest, text="晚了", by=speaker)
    assert refusal.value.code == "closed"
    assert Draft.objects.get().text == "写到一半"
    assert Answer.objects.count() == 0


def test_a_guest_does_not_answer_what_the_host_took_back(scene):
    _programme, guest, speaker, host, question = scene
    questions.put_back(question=question, by=host)
    with pytest.raises(Refused, match="收回"):
        answers.answer(question=question, guest=guest, text="好", by=speaker)


def test_nobody_answers_in_the_name_of_another_guest(scene):
    programme, _guest, speaker, _host, question = scene
    other = make.guest(programme)
    with pytest.raises(Refused) as refusal:
        answers.answer(question=question, guest=other, text="好", by=speaker)
    assert refusal.value.code == "forbidden"


def test_the_stenographer_types_for_the_guest(scene):
    programme, guest, _speaker, _host, question = scene
    answers.answer(question=question, guest=guest, text="口述。", by=make.seated(programme, "stenographer"))
    assert programme.entries.get(kind=Entry.Kind.ANSWER).speaker == guest.name


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "字" * (ANSWER_LIMIT + 1)])
def test_an_empty_or_endless_answer_is_refused(scene, text):
    _programme, guest, speaker, _host, question = scene
    with pytest.raises(Refused) as refusal:
        answers.answer(question=question, guest=guest, text=text, by=speaker)
    assert refusal.value.code == "invalid"


def test_an_answer_ends_the_drafts(scene):
    _programme, guest, speaker, _host, question = scene
    answers.save_draft(question=question, seat=guest.seats.get(), text="草稿")
    answers.answer(question=question, guest=guest, text="好。", by=speaker)
    assert Draft.objects.count() == 0


def test_a_draft_is_overwritten_by_the_next(scene):
    _programme, guest, _speaker, _host, question = scene
    seat = guest.seats.get()
    answers.save_draft(question=question, seat=seat, text="一")
    answers.save_draft(question=question, seat=seat, text="一二")
    assert [draft.text for draft in Draft.objects.all()] == ["一二"]


def test_who_is_answering_is_told_by_pulse_to_readers_and_the_desk(scene, heard, django_capture_on_commit_callbacks):
    programme, guest, _speaker, _host, question = scene
    before = len(make.events(f"stage:{programme.pk}")), len(make.events(f"desk:{programme.pk}"))
    with django_capture_on_commit_callbacks(execute=True):
        answers.save_draft(question=question, seat=guest.seats.get(), text="水压")
    fact = f"answering/{question.pk}"
    assert heard == [Hint(passages={(f"{topic}:{programme.pk}", fact): (guest.name, answers.ANSWERING)}) for topic in ("stage", "desk")]
    assert (len(make.events(f"stage:{programme.pk}")), len(make.events(f"desk:{programme.pk}"))) == before


def _emptied(programme, guest, host, question):
    return question, " \n"


def _taken_back(programme, guest, host, question):
    return questions.put_back(question=question, by=host), "写到一半"


def _put_to_another(programme, guest, host, question):
    return questions.put(question=question, guest=make.guest(programme), by=host), "写到一半"


def _answered(programme, guest, host, question):
    answers.answer(question=question, guest=guest, text="好。", by=host)
    question.refresh_from_db()
    return question, "写到一半"


def _closed(programme, guest, host, question):
    schedule.close(programme=programme, by=host)
    question = Question.objects.select_related("programme").get(pk=question.pk)
    return question, "写到一半"


@pytest.mark.parametrize("what", [_emptied, _taken_back, _put_to_another, _answered, _closed])
def test_nobody_is_said_to_be_answering_what_they_are_not(scene, heard, django_capture_on_commit_callbacks, what):
    programme, guest, _speaker, host, question = scene
    question, text = what(programme, guest, host, question)
    with django_capture_on_commit_callbacks(execute=True):
        answers.save_draft(question=question, seat=guest.seats.get(), text=text)
    assert heard == []


def test_a_draft_keeps_what_was_typed_but_for_what_no_database_keeps(scene):
    _programme, guest, _speaker, _host, question = scene
    answers.save_draft(question=question, seat=guest.seats.get(), text=" 水\x00压\u202e\n😀 ")
    assert Draft.objects.get().text == " 水压\u202e\n😀 "


def test_an_owed_question_is_answered_in_writing_by_an_editor_after_the_close(scene):
    programme, _guest, _speaker, host, question = scene
    editor = make.editor()
    with pytest.raises(Refused, match="结束以后"):
        answers.answer_in_writing(question=question, text="书面。", by=editor)
    schedule.close(programme=programme, by=host)
    with pytest.raises(Refused, match="编辑"):
        answers.answer_in_writing(question=question, text="书面。", by=host)
    answers.answer_in_writing(question=question, text="书面。", by=editor)
    entry = programme.entries.get(kind=Entry.Kind.ANSWER)
    assert (entry.speaker, entry.answer.mode) == (programme.unit.name, Answer.Mode.WRITTEN)
