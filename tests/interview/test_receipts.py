import pytest

from interview import answers, questions, receipts, schedule
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make.programme(state=ProgrammeState.LIVE)


def told(question):
    return make.events(f"receipt:{question.receipt_token}")


def test_a_declined_question_tells_the_reason_and_the_words(programme):
    question = questions.decline(make.question(programme), reason="unclear", words="请写明小区。")
    [event] = told(question)
    assert event.data == {"question": question.label, "state": "declined", "reason": "unclear", "words": "请写明小区。"}
    assert "请写明小区。" in event.html


def test_an_answered_question_links_to_its_answer(programme):
    question = make.approved(programme)
    answers.answer(question=question, guest=make.guest(programme), text="好。", by=make.seated(programme, "host"))
    entry = programme.entries.get(kind="answer")
    assert f"{programme.get_absolute_url()}#{entry.anchor}" in told(question)[-1].html


def test_the_close_tells_who_was_not_reached(programme):
    question = make.approved(programme)
    schedule.close(programme=programme, by=make.seated(programme, "host"))
    assert told(question)[-1].data["state"] == "owed"


def test_the_first_approval_of_two_is_no_news_for_its_asker_and_the_second_is(programme):
    question = questions.screen(make.question(programme))
    assert (told(question), receipts.state_of(question)) == ([], "received")
    questions.approve(question)
    assert [event.data["state"] for event in told(question)] == ["approved"]


def test_what_was_screened_and_is_taken_back_is_no_news_either(programme):
    question = questions.take_back(questions.screen(make.question(programme)))
    assert (question.state, told(question)) == ("received", [])


def test_putting_a_question_to_a_guest_is_no_news_for_its_asker(programme):
    question = make.approved(programme)
    before = receipts.position(question)
    questions.put(question=question, guest=make.guest(programme), by=make.seated(programme, "host"))
    assert receipts.position(question) == before
