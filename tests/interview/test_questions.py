from datetime import timedelta
from uuid import uuid4

import pytest

from interview import answers, guests, questions, schedule
from interview.models import Guest, Question
from interview.states import ProgrammeState, QuestionState
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


def ask(programme, text="水压什么时候恢复？", token=None, visitor="v1", nickname="湖滨老李"):
    return questions.submit(
        programme=programme,
        client_token=token or uuid4(),
        nickname=nickname,
        text=text,
        digest=questions.digest_of(nickname=nickname, text=text),
        visitor=visitor,
        address="127.0.0.1",
    )


def test_questions_are_numbered_in_the_order_of_receipt():
    programme = make.programme(state=ProgrammeState.ANNOUNCED)
    assert [ask(programme)[0].number for _ in range(3)] == [1, 2, 3]


def test_the_label_is_the_day_of_the_programme_and_the_number():
    programme = make.programme(state=ProgrammeState.ANNOUNCED)
    question, _created = ask(programme)
    assert question.label == f"{make.local(programme.planned_start):%m%d}-001"


def test_a_question_keeps_its_number_when_the_programme_is_put_off():
    programme, editor = make.programme(state=ProgrammeState.ANNOUNCED), make.editor()
    question, _created = ask(programme)
    told = question.label
    schedule.postpone(programme=programme, notice="延期。", planned_start=programme.planned_start + timedelta(days=45), by=editor)
    schedule.announce(programme=programme, by=editor)
    later, _created = ask(programme, visitor="v2")
    assert questions.find(question.receipt_token).label == told
    assert later.label == f"{make.local(programme.planned_start + timedelta(days=45)):%m%d}-002"


def test_the_same_token_again_is_the_same_question():
    programme, token = make.programme(state=ProgrammeState.ANNOUNCED), uuid4()
    first, created = ask(programme, token=token)
    second, again = ask(programme, token=token)
    assert (first.pk, created, again) == (second.pk, True, False)
    assert Question.objects.count() == 1


@pytest.mark.parametrize("change", [{"text": "另一个问题"}, {"visitor": "v2"}, {"nickname": "别人"}])
def test_a_token_used_for_something_else_is_refused(change):
    programme, token = make.programme(state=ProgrammeState.ANNOUNCED), uuid4()
    ask(programme, token=token)
    with pytest.raises(Refused) as refusal:
        ask(programme, **({"token": token} | change))
    assert refusal.value.code == "conflict"
    assert Question.objects.count() == 1


def test_a_retry_after_the_close_still_gets_its_receipt():
    programme, token = make.programme(state=ProgrammeState.ANNOUNCED), uuid4()
    first, _created = ask(programme, token=token)
    make.move(programme, ProgrammeState.ENDED)
    assert ask(programme, token=token) == (first, False)


@pytest.mark.parametrize("state", sorted(set(ProgrammeState) - {ProgrammeState.ANNOUNCED, ProgrammeState.LIVE}))
def test_a_programme_that_takes_no_questions_says_so(state):
    programme = make.programme(state=state)
    with pytest.raises(Refused) as refusal:
        ask(programme)
    assert refusal.value.code == "closed"
    assert Question.objects.count() == 0


def test_the_origin_is_set_by_the_state_of_the_programme():
    programme = make.programme(state=ProgrammeState.ANNOUNCED)
    assert ask(programme)[0].origin == Question.Origin.BEFORE
    make.move(programme, ProgrammeState.LIVE)
    assert ask(programme)[0].origin == Question.Origin.LIVE


def test_an_approved_question_waits_and_after_the_close_it_is_owed():
    live, ended = make.programme(state=ProgrammeState.LIVE), make.programme(state=ProgrammeState.LIVE)
    question, late = make.question(live), make.question(ended)
    make.move(ended, ProgrammeState.ENDED)
    assert questions.approve(question).state == QuestionState.APPROVED
    assert questions.approve(late).state == QuestionState.OWED


def test_the_second_decision_is_refused_and_told_the_state():
    question = make.question(make.programme(state=ProgrammeState.LIVE))
    questions.approve(question)
    with pytest.raises(Refused, match="已通过") as refusal:
        questions.decline(question, reason="off_topic", words="")
    assert refusal.value.code == "conflict"


def test_a_declined_question_keeps_its_reason_until_it_is_taken_back():
    question = questions.decline(make.question(make.programme(state=ProgrammeState.LIVE)), reason="unclear", words="请写明小区。")
    assert (question.state, question.reason, question.reason_words) == (QuestionState.DECLINED, "unclear", "请写明小区。")
    back = questions.take_back(question)
    assert (back.state, back.reason, back.reason_words, back.decided_at) == (QuestionState.RECEIVED, "", "", None)


def test_what_lies_before_a_guest_is_not_taken_back():
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.approved(programme)
    questions.put(question=question, guest=make.guest(programme), by=make.seated(programme, "host"))
    with pytest.raises(Refused, match="已交给嘉宾"):
        questions.take_back(question)


@pytest.mark.parametrize("state", [ProgrammeState.LIVE, ProgrammeState.ENDED])
def test_a_guest_who_was_taken_off_meanwhile_or_sits_elsewhere_gets_no_question(state):
    programme, other = make.programme(state=ProgrammeState.LIVE), make.programme(state=ProgrammeState.LIVE)
    question, guest, host = make.approved(programme), make.guest(programme), make.seated(programme, "host")
    guests.uninvite(guest=Guest.objects.get(pk=guest.pk), by=make.editor())
    make.move(programme, state)
    for stranger in (guest, make.guest(other)):
        with pytest.raises(Refused) as refusal:
            questions.put(question=question, guest=stranger, by=host)
        assert (refusal.value.code, refusal.value.detail) == ("invalid", "这位嘉宾不在本期访谈中。")
    assert Question.objects.get(pk=question.pk).put_to is None


def test_only_the_host_puts_a_question_to_a_guest():
    programme = make.programme(state=ProgrammeState.LIVE)
    question, guest = make.approved(programme), make.guest(programme)
    for role in ("moderator", "stenographer"):
        with pytest.raises(Refused) as refusal:
            questions.put(question=question, guest=guest, by=make.seated(programme, role))
        assert refusal.value.code == "forbidden"
    assert questions.put(question=question, guest=guest, by=make.seated(programme, "host")).put_to == guest


def test_a_question_moves_from_one_guest_to_another_and_back_to_the_desk():
    programme = make.programme(state=ProgrammeState.LIVE)
    question, host = make.approved(programme), make.seated(programme, "host")
    one, two = make.guest(programme), make.guest(programme)
    questions.put(question=question, guest=one, by=host)
    questions.put(question=question, guest=two, by=host)
    assert make.kinds(f"guest:{one.pk}") == ["question.changed", "question.changed"]
    assert "data-gone" in make.events(f"guest:{one.pk}")[-1].html
    assert questions.put_back(question=question, by=host).put_to is None
    assert "data-gone" in make.events(f"guest:{two.pk}")[-1].html


def test_a_guest_of_another_programme_gets_nothing():
    programme, other = make.programme(state=ProgrammeState.LIVE), make.programme(state=ProgrammeState.LIVE)
    with pytest.raises(Refused, match="不在本期"):
        questions.put(question=make.approved(programme), guest=make.guest(other), by=make.seated(programme, "host"))


def test_closing_keeps_every_question():
    programme = make.programme(state=ProgrammeState.LIVE)
    host = make.seated(programme, "host")
    guest = make.guest(programme)
    approved, put, received, answered = (
        make.approved(programme),
        make.approved(programme),
        make.question(programme),
        make.approved(programme),
    )
    declined = questions.decline(make.question(programme), reason="advert", words="")
    questions.put(question=put, guest=guest, by=host)
    answers.answer(question=answered, guest=guest, text="已修好。", by=host)
    schedule.close(programme=programme, by=host)
    states = {q.pk: (q.state, q.put_to_id) for q in programme.questions.all()}
    assert states == {
        approved.pk: (QuestionState.OWED, None),
        put.pk: (QuestionState.OWED, None),
        received.pk: (QuestionState.RECEIVED, None),
        answered.pk: (QuestionState.ANSWERED, None),
        declined.pk: (QuestionState.DECLINED, None),
    }


def test_a_withdrawn_question_leaves_the_pages_and_the_log():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    question = questions.approve(make.question(programme, text="我的电话写错了"))
    assert "我的电话写错了" in make.events(f"stage:{programme.pk}")[-1].html
    question = questions.put(question=question, guest=guest, by=make.seated(programme, "host"))
    assert "我的电话写错了" in make.events(f"guest:{guest.pk}")[-1].html
    questions.withdraw(question)
    told = make.events(f"stage:{programme.pk}")
    assert "data-gone" in told[-1].html
    logs = told + make.events(f"desk:{programme.pk}") + make.events(f"guest:{guest.pk}")
    assert [event for event in logs if "我的电话写错了" in event.html + str(event.data)] == []
    assert "data-gone" in make.events(f"guest:{guest.pk}")[-1].html


def test_an_answered_question_is_not_withdrawn():
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.approved(programme)
    answers.answer(question=question, guest=make.guest(programme), text="好。", by=make.seated(programme, "host"))
    with pytest.raises(Refused, match="已答复"):
        questions.withdraw(question)


def test_nothing_of_an_unscreened_or_declined_question_reaches_the_stage_or_the_desk():
    programme = make.programme(state=ProgrammeState.LIVE)
    before = len(make.events(f"stage:{programme.pk}"))
    question, _created = ask(programme, text="未审核的文字")
    questions.decline(question, reason="off_topic", words="")
    assert len(make.events(f"stage:{programme.pk}")) == before
    assert make.events(f"desk:{programme.pk}") == []


def test_the_receipt_is_told_every_step():
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.question(programme)
    questions.approve(question)
    answers.answer(question=question, guest=make.guest(programme), text="好。", by=make.seated(programme, "host"))
    assert [event.data["state"] for event in make.events(f"receipt:{question.receipt_token}")] == ["approved", "answered"]
