"""Notes: for moderators and editors, recorded without their words."""

import pytest

from interview.states import QuestionState
from moderation import notes
from moderation.models import Note, Record
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_a_note_stands_beside_the_question_and_the_record_says_only_that_it_does(question, chen):
    note = notes.add(question=question, words=" 与周一的来信是同一件事。\n", by=chen)
    row = Record.objects.get()
    assert (note.text, note.by, note.question) == ("与周一的来信是同一件事。", chen, question)
    assert (row.action, row.by, row.words, row.data) == ("note", chen, "", {"note": str(note.pk)})


def test_it_reaches_the_inbox_and_nobody_else(programme, chen):
    notes.add(question=make.question(programme, state=QuestionState.APPROVED), words="同事请看。", by=chen)
    assert list(Event.objects.values_list("topic__name", flat=True)) == [f"inbox:{programme.pk}"]


def test_a_click_too_many_is_the_same_note(question, chen):
    lin = make.seated(question.programme, "moderator")
    first = notes.add(question=question, words="同事请看。", by=chen)
    assert notes.add(question=question, words="同事请看。", by=chen) == first
    notes.add(question=question, words="同事请看。", by=lin)
    notes.add(question=question, words="同事请看。", by=chen)
    assert [note.by for note in Note.objects.all()] == [chen, lin, chen]


@pytest.mark.parametrize(("words", "code"), [("", "invalid"), ("字" * 501, "invalid")])
def test_nothing_and_too_much_are_refused(question, chen, words, code):
    with pytest.raises(Refused) as caught:
        notes.add(question=question, words=words, by=chen)
    assert (caught.value.code, list(caught.value.fields), Note.objects.count(), Record.objects.count()) == (code, ["words"], 0, 0)


@pytest.mark.parametrize("role", ["host", "stenographer", None])
def test_only_moderators_and_editors_write_them(programme, question, role):
    person = make.seated(programme, role) if role else make.seated(make.programme(), "moderator")
    with pytest.raises(Refused) as caught:
        notes.add(question=question, words="同事请看。", by=person)
    assert (caught.value.code, Note.objects.count()) == ("forbidden", 0)
    assert notes.add(question=question, words="同事请看。", by=make.editor()).text == "同事请看。"
