"""Approve, decline, take back: one winner, a record, and everybody told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from interview import questions, schedule
from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import decisions, intake, leases
from moderation.models import Lease, Record
from moderation.reasons import WORDS
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make.programme(state=ProgrammeState.LIVE)


@pytest.fixture
def question(programme):
    return make.question(programme)


@pytest.fixture
def chen(programme):
    return make.seated(programme, "moderator", user=make.user(name="陈审核"))


@pytest.fixture
def lin(programme):
    return make.seated(programme, "moderator", user=make.user(name="林审核"))


def rows():
    return list(Record.objects.order_by("programme", "number").values_list("number", "action", "reason", "by__name"))


def refusal(verb, **words):
    before = rows(), Event.objects.count(), list(Question.objects.values_list("state", "reason"))
    with pytest.raises(Refused) as caught:
        verb(**words)
    assert (rows(), Event.objects.count(), list(Question.objects.values_list("state", "reason"))) == before
    return caught.value


def test_an_approved_question_is_recorded_and_leaves_the_inbox(question, chen):
    assert decisions.approve(question=question, by=chen).state == QuestionState.APPROVED
    assert rows() == [(1, "approve", "", "陈审核")]
    event = make.events(f"inbox:{question.programme_id}")[-1]
    assert event.data == {
        "id": str(question.pk), "question": question.label, "state": "approved", "action": "approve", "reason": "", "by": "陈审核",
    }  # fmt: skip
    assert f'id="inbox-{question.pk}"' in event.html


def test_after_the_close_an_approved_question_is_owed(question, chen):
    make.move(question.programme, ProgrammeState.ENDED)
    assert decisions.approve(question=question, by=chen).state == QuestionState.OWED


def test_a_declined_question_tells_its_asker_why_and_what_may_be_changed(question, chen):
    declined = decisions.decline(question=question, reason="personal", by=chen)
    assert (declined.state, declined.reason, declined.reason_words) == (QuestionState.DECLINED, "personal", WORDS["personal"])
    assert rows() == [(1, "decline", "personal", "陈审核")]
    assert make.events(f"receipt:{question.receipt_token}")[-1].data == {
        "question": question.label, "state": "declined", "reason": "personal", "words": WORDS["personal"],
    }  # fmt: skip


def test_a_declined_question_reaches_no_reader(question, chen):
    decisions.decline(question=question, reason="abusive", by=chen)
    topics = set(Event.objects.values_list("topic__name", flat=True))
    assert topics == {f"inbox:{question.programme_id}", f"receipt:{question.receipt_token}"}


def test_own_words_are_kept_with_the_decision(question, chen):
    decisions.decline(question=question, reason="unclear", words="请写清是哪个小区。", by=chen)
    assert Record.objects.get().words == "请写清是哪个小区。"


def test_a_decline_without_a_reason_is_refused(question, chen):
    assert refusal(decisions.decline, question=question, reason="", by=chen).code == "invalid"


def test_taken_back_a_question_waits_again_and_both_steps_stay(question, chen, lin):
    decisions.approve(question=question, by=chen)
    assert decisions.take_back(question=question, by=lin).state == QuestionState.RECEIVED
    assert rows() == [(1, "approve", "", "陈审核"), (2, "take_back", "", "林审核")]
    html = make.events(f"inbox:{question.programme_id}")[-1].html
    assert question.text in html
    decisions.decline(question=question, reason="off_topic", by=lin)
    assert [row[:2] for row in rows()] == [(1, "approve"), (2, "take_back"), (3, "decline")]


def test_a_decline_taken_back_tells_the_asker_nothing_of_the_reason_any_more(question, chen):
    decisions.decline(question=question, reason="personal", by=chen)
    taken = decisions.take_back(question=question, by=chen)
    assert (taken.reason, taken.reason_words) == ("", "")
    assert make.events(f"receipt:{question.receipt_token}")[-1].data["state"] == "received"


def test_the_second_moderator_is_told_who_was_first_and_what_was_decided(question, chen, lin):
    with time_machine.travel("2010-07-30T15:04:05+08:00", tick=False):
        decisions.decline(question=question, reason="duplicate", by=chen)
    sentence = f"提问 {question.label} 已由陈审核在 15:04:05 决定：不采用（与已有提问重复）。您的决定没有执行。"
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"})):
        refused = refusal(verb, question=question, by=lin, **words)
        assert (refused.code, refused.detail) == ("conflict", sentence)


def test_what_the_asker_withdrew_is_not_decided(question, chen):
    intake.withdraw(token=question.receipt_token)
    assert refusal(decisions.approve, question=question, by=chen).detail == f"提问 {question.label} 现在是“已撤回”，您的决定没有执行。"


def test_nobody_decides_over_the_head_of_the_moderator_who_reads_it(question, chen, lin):
    leases.take(question=question, by=chen)
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"})):
        refused = refusal(verb, question=question, by=lin, **words)
        assert (refused.code, refused.detail.startswith("陈审核正在审核")) == ("conflict", True)
    decisions.approve(question=question, by=chen)
    assert Lease.objects.count() == 0


def test_a_crashed_browser_keeps_nobody_from_deciding(question, chen, lin):
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False) as clock:
        leases.take(question=question, by=chen)
        clock.shift(181)
        assert decisions.approve(question=question, by=lin).state == QuestionState.APPROVED


def test_nothing_is_taken_back_before_it_is_decided(question, chen):
    refused = refusal(decisions.take_back, question=question, by=chen)
    assert refused.detail == f"提问 {question.label} 正在等待审核，没有可以收回的决定。"


def test_what_a_guest_has_before_them_is_not_taken_back(question, chen, programme):
    host = make.seated(programme, "host")
    guest = make.guest(programme)
    decisions.approve(question=question, by=chen)
    questions.put(question=question, guest=guest, by=host)
    assert refusal(decisions.take_back, question=question, by=chen).code == "conflict"


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.WITHDRAWN])
def test_what_is_over_is_not_taken_back(programme, chen, state):
    question = make.question(programme, state=state)
    assert refusal(decisions.take_back, question=question, by=chen).code == "conflict"


@pytest.mark.parametrize("role", ["host", "stenographer", "guest", None])
def test_only_moderators_and_editors_decide(programme, question, role):
    guest = make.guest(programme) if role == "guest" else None
    person = make.seated(programme, role, guest=guest) if role else make.seated(make.programme(), "moderator")
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"}), (decisions.take_back, {})):
        assert refusal(verb, question=question, by=person, **words).code == "forbidden"
    assert decisions.approve(question=question, by=make.editor()).state == QuestionState.APPROVED


def test_numbers_count_for_each_programme_alone(programme, chen):
    other = make.programme(state=ProgrammeState.LIVE)
    editor = make.editor(name="编辑一")
    for row in (programme, other, programme):
        decisions.approve(question=make.question(row), by=editor)
    assert sorted(Record.objects.values_list("programme__title", "number")) == sorted(
        [(programme.title, 1), (programme.title, 2), (other.title, 1)]
    )


def race(tasks):
    together = Barrier(len(tasks))

    def run(task):
        try:
            together.wait(timeout=30)
            return task().state
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(10))
def test_of_two_moderators_at_once_exactly_one_decides(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.question(programme)
    chen, lin = (make.seated(programme, "moderator") for _seat in range(2))
    outcome = race(
        [lambda: decisions.approve(question=question, by=chen), lambda: decisions.decline(question=question, reason="legal", by=lin)]
    )
    question.refresh_from_db()
    assert sorted(outcome) == sorted(["conflict", question.state])
    assert len(rows()) == 1
    assert make.kinds(f"inbox:{programme.pk}") == ["question.changed"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_decision_and_the_close_at_once_leave_a_whole_state(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.question(programme)
    chen, host = make.seated(programme, "moderator"), make.seated(programme, "host")
    race([lambda: decisions.approve(question=question, by=chen), lambda: schedule.close(programme=programme, by=host)])
    question.refresh_from_db()
    assert question.state == QuestionState.OWED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_two_moderators_at_once_exactly_one_holds(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.question(programme)
    pair = [make.seated(programme, "moderator") for _seat in range(2)]
    outcome = race([lambda by=by: leases.take(question=question, by=by).question for by in pair])
    assert sorted(outcome) == ["conflict", "received"]


@pytest.mark.django_db(transaction=True)
def test_reading_and_deciding_of_many_at_once_never_blocks_for_good():
    programme = make.programme(state=ProgrammeState.LIVE)
    several = [make.question(programme) for _question in range(4)]
    pair = [make.seated(programme, "moderator") for _seat in range(2)]

    def work(by, order):
        def run():
            for question in order:
                for verb in (leases.take, decisions.approve):
                    try:
                        last = verb(question=question, by=by)
                    except Refused as refused:
                        last = refused
            return getattr(last, "question", last) if not isinstance(last, Refused) else several[0]

        return run

    race([work(pair[0], several), work(pair[1], several[::-1])])
    assert Record.objects.count() == 4
    assert {question.state for question in Question.objects.all()} == {QuestionState.APPROVED}
