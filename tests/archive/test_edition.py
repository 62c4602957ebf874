import pytest

from archive.edition import Counts, gather
from archive.importing import import_transcript
from interview import answers, questions, transcript
from tests import scenes as make
from tests.archive.records import OPENED, held, record

pytestmark = pytest.mark.django_db


def test_an_edition_holds_what_the_public_may_read():
    programme, _editor = held()
    make.question(programme, text="没有人审过")
    questions.decline(make.question(programme, text="不采用"), reason="advert", words="")
    edition = gather(programme)
    assert edition.counts == Counts(received=5, answered=2, owed=1, declined=1, withdrawn=0, unscreened=1)
    assert [entry.kind for entry in edition.entries] == ["remark", "question", "answer", "question", "answer", "notice"]
    assert [question.text for question in edition.owed] == ["老城区的旧管道什么时候换？"]
    assert edition.hosts == ["苏禾"]


def test_an_answer_in_writing_stands_under_its_question():
    programme, editor = held()
    owed = programme.questions.get(state="owed")
    answers.answer_in_writing(question=owed, text="明年换。", by=editor)
    assert [entry.text for entry in gather(programme).entries[-2:]] == [owed.text, "明年换。"]


def test_the_position_is_that_of_the_stage():
    programme, _editor = held()
    assert gather(programme).position == transcript.position(programme)


def test_it_began_when_it_was_opened_and_changed_when_a_word_did():
    editor = make.editor()
    programme = import_transcript(record(make.organisation()), by=editor)
    edition = gather(programme)
    assert edition.began_at == OPENED
    assert edition.changed_at == max(entry.at for entry in programme.entries.all())
    entry = programme.entries.first()
    transcript.withdraw(entry=entry, reason="口误", by=editor)
    entry.refresh_from_db()
    assert gather(programme).changed_at == entry.withdrawn_at
