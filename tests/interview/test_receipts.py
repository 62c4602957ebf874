import pytest

from interview import answers, questions, receipts, schedule
from interview.states import ProgrammeState, QuestionState
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


def test_a_merged_question_tells_the_number_the_state_and_the_answer_of_its_target(programme):
    target = make.approved(programme)
    merged = make.question(programme, state=QuestionState.MERGED, merged_into=target)
    answers.answer(question=target, guest=make.guest(programme), text="好。", by=make.seated(programme, "host"))
    entry = programme.entries.get(kind="answer")
    [event] = told(merged)
    assert (event.data["state"], f"您的提问与{target.label}合并，一起答复。{target.label}现在是“已答复”" in event.html) == ("merged", True)
    assert f'href="{programme.get_absolute_url()}#{entry.anchor}"' in event.html
    assert [private for private in (target.receipt_token, target.visitor, str(target.pk)) if private in event.html] == []


def test_whoever_was_merged_is_told_of_every_step_of_the_target(programme):
    target = make.question(programme)
    merged = make.question(programme, state=QuestionState.MERGED, merged_into=target)
    questions.take_back(questions.approve(target))
    questions.decline(target, reason="unclear", words="请写明小区。")
    assert [state for event in told(merged) for state in ("已通过", "已收到", "未采用") if f"现在是“{state}”" in event.html] == [
        "已通过", "已收到", "未采用",
    ]  # fmt: skip


def test_the_words_of_a_withdrawn_question_leave_the_log_of_its_receipt(programme):
    question = make.approved(programme, text="我要撤回的话")
    assert "我要撤回的话" in told(question)[0].html
    questions.withdraw(question)
    assert ["我要撤回的话" in (event.html or "") for event in told(question)] == [False, False]


def test_putting_a_question_to_a_guest_is_no_news_for_its_asker(programme):
    question = make.approved(programme)
    before = receipts.position(question)
    questions.put(question=question, guest=make.guest(programme), by=make.seated(programme, "host"))
    assert receipts.position(question) == before
