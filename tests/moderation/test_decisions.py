"""Approve, decline, take back: one winner, a record, and everybody told."""

import pytest
import time_machine

from interview import questions, schedule
from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import audit, decisions, intake, leases
from moderation.models import Appeal, Hold, Lease, Record, Rules
from moderation.reasons import WORDS
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make
from tests.moderation.conftest import race, refused

pytestmark = pytest.mark.django_db


def rows():
    return list(Record.objects.order_by("programme", "number").values_list("number", "action", "reason", "by__name"))


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
    assert refused(decisions.decline, question=question, reason="", by=chen).code == "invalid"


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
        said = refused(verb, question=question, by=lin, **words)
        assert (said.code, said.detail) == ("conflict", sentence)


def test_what_the_asker_withdrew_is_not_decided(question, chen):
    intake.withdraw(token=question.receipt_token)
    assert refused(decisions.approve, question=question, by=chen).detail == f"提问 {question.label} 现在是“已撤回”，您的决定没有执行。"


def test_nobody_decides_over_the_head_of_the_moderator_who_reads_it(question, chen, lin):
    leases.take(question=question, by=chen)
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"})):
        said = refused(verb, question=question, by=lin, **words)
        assert (said.code, said.detail.startswith("陈审核正在审核")) == ("conflict", True)
    decisions.approve(question=question, by=chen)
    assert Lease.objects.count() == 0


def test_a_crashed_browser_keeps_nobody_from_deciding(question, chen, lin):
    with time_machine.travel("2010-07-30T15:00:00+08:00", tick=False) as clock:
        leases.take(question=question, by=chen)
        clock.shift(181)
        assert decisions.approve(question=question, by=lin).state == QuestionState.APPROVED


def test_nothing_is_taken_back_before_it_is_decided(question, chen):
    said = refused(decisions.take_back, question=question, by=chen)
    assert said.detail == f"提问 {question.label} 正在等待审核，没有可以收回的决定。"


def test_what_a_guest_has_before_them_is_not_taken_back(question, chen, programme):
    host = make.seated(programme, "host")
    guest = make.guest(programme)
    decisions.approve(question=question, by=chen)
    questions.put(question=question, guest=guest, by=host)
    assert refused(decisions.take_back, question=question, by=chen).code == "conflict"


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.WITHDRAWN])
def test_what_is_over_is_not_taken_back(programme, chen, state):
    question = make.question(programme, state=state)
    assert refused(decisions.take_back, question=question, by=chen).code == "conflict"


@pytest.mark.parametrize("role", ["host", "stenographer", "guest", None])
def test_only_moderators_and_editors_decide(programme, question, role):
    guest = make.guest(programme) if role == "guest" else None
    person = make.seated(programme, role, guest=guest) if role else make.seated(make.programme(), "moderator")
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"}), (decisions.take_back, {})):
        assert refused(verb, question=question, by=person, **words).code == "forbidden"
    assert decisions.approve(question=question, by=make.editor()).state == QuestionState.APPROVED


def test_numbers_count_for_each_programme_alone(programme, chen):
    other = make.programme(state=ProgrammeState.LIVE)
    editor = make.editor(name="编辑一")
    for row in (programme, other, programme):
        decisions.approve(question=make.question(row), by=editor)
    assert sorted(Record.objects.values_list("programme__title", "number")) == sorted(
        [(programme.title, 1), (programme.title, 2), (other.title, 1)]
    )


# ── Where two persons have to agree ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two(programme):
    Rules.objects.create(programme=programme, two_stage=True)


def test_the_first_approval_waits_for_the_second_unseen_by_the_public(two, question, chen):
    assert decisions.approve(question=question, by=chen).state == QuestionState.SCREENED
    assert rows() == [(1, "screen", "", "陈审核")]
    assert set(Event.objects.values_list("topic__name", flat=True)) == {f"inbox:{question.programme_id}"}


def test_the_second_person_releases_it(two, question, chen, lin):
    decisions.approve(question=question, by=chen)
    assert decisions.approve(question=question, by=lin).state == QuestionState.APPROVED
    assert rows() == [(1, "screen", "", "陈审核"), (2, "approve", "", "林审核")]
    assert make.kinds(f"stage:{question.programme_id}") == ["question.changed"]


def test_after_the_close_what_the_second_person_releases_is_owed(two, question, chen, lin):
    decisions.approve(question=question, by=chen)
    make.move(question.programme, ProgrammeState.ENDED)
    assert decisions.approve(question=question, by=lin).state == QuestionState.OWED


def test_nobody_is_both_persons_not_even_an_editor(two, question, chen):
    editor = make.editor(name="编辑一")
    for person in (chen, editor):
        decisions.approve(question=question, by=person)
        said = refused(decisions.approve, question=question, by=person)
        assert (said.code, said.detail) == (
            "conflict", f"提问 {question.label} 的“初审通过”是您做的，要由另一位审核员放行；您仍然可以不采用，或者收回。",
        )  # fmt: skip
        decisions.take_back(question=question, by=person)
    assert [row[1] for row in rows()] == ["screen", "take_back", "screen", "take_back"]


@pytest.mark.parametrize("who", ["first", "second"])
def test_either_person_declines_what_was_screened(two, question, chen, lin, who):
    decisions.approve(question=question, by=chen)
    declined = decisions.decline(question=question, reason="unclear", by={"first": chen, "second": lin}[who])
    assert (declined.state, [row[1] for row in rows()]) == (QuestionState.DECLINED, ["screen", "decline"])


def test_one_person_declines_at_once(two, question, chen):
    assert decisions.decline(question=question, reason="unclear", by=chen).state == QuestionState.DECLINED


def test_a_screening_taken_back_starts_anew_and_whoever_was_first_may_be_second(two, question, chen, lin):
    decisions.approve(question=question, by=chen)
    assert decisions.take_back(question=question, by=lin).state == QuestionState.RECEIVED
    assert decisions.approve(question=question, by=lin).state == QuestionState.SCREENED
    assert decisions.approve(question=question, by=chen).state == QuestionState.APPROVED


def test_a_release_taken_back_needs_two_persons_again(two, question, chen, lin):
    decisions.approve(question=question, by=chen)
    decisions.approve(question=question, by=lin)
    assert decisions.take_back(question=question, by=chen).state == QuestionState.RECEIVED
    assert decisions.approve(question=question, by=chen).state == QuestionState.SCREENED


def test_whoever_edited_the_screened_words_is_the_first_person_now(two, question, chen, lin):
    decisions.approve(question=question, by=chen)
    audit.record(question=question, action=audit.Action.EDIT, by=lin)
    assert refused(decisions.approve, question=question, by=lin).code == "conflict"
    assert decisions.approve(question=question, by=chen).state == QuestionState.APPROVED


def test_where_one_is_enough_again_anybody_releases(two, question, chen):
    decisions.approve(question=question, by=chen)
    Rules.objects.update(two_stage=False)
    assert decisions.approve(question=question, by=chen).state == QuestionState.APPROVED


def test_what_a_reader_holds_is_not_released_over_their_head(two, programme, question, chen, lin):
    decisions.approve(question=question, by=chen)
    leases.take(question=question, by=chen)
    assert refused(decisions.approve, question=question, by=lin).detail.startswith("陈审核正在审核")


# ── What others have to decide ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_escalated_an_editor_decides(question, chen, lin):
    Hold.objects.create(question=question, kind=Hold.Kind.ESCALATED, by=lin)
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"})):
        said = refused(verb, question=question, by=chen, **words)
        assert (said.code, said.detail) == ("conflict", f"提问 {question.label} 已由林审核上报，要由编辑决定；请先看别的提问。")
    decisions.approve(question=question, by=make.editor())
    assert Hold.objects.count() == 0


def test_an_appeal_is_decided_by_another_moderator_and_then_settled(question, chen, lin):
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, against=chen)
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"})):
        said = refused(verb, question=question, by=chen, **words)
        assert said.detail == f"提问 {question.label} 是您决定不采用的，提问人改写或申诉以后要由别人决定：请林审核或者编辑来决定。"
    decisions.decline(question=question, reason="legal", by=lin)
    assert Appeal.objects.get().settled_at is not None
    assert refused(decisions.take_back, question=question, by=chen).code == "conflict"


def test_without_a_second_moderator_an_editor_decides_an_appeal(question, chen):
    Appeal.objects.create(question=question, kind=Appeal.Kind.REWRITE, against=chen)
    assert refused(decisions.approve, question=question, by=chen).detail.endswith(
        "本期没有别的审核员，请编辑来决定，或者再安排一位审核员。"
    )
    assert decisions.approve(question=question, by=make.editor()).state == QuestionState.APPROVED


def test_not_even_an_editor_decides_an_appeal_against_themselves(question):
    editor = make.editor()
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, against=editor)
    assert refused(decisions.approve, question=question, by=editor).code == "conflict"


def test_a_decision_on_an_appeal_taken_back_leaves_it_open_again(question, chen, lin):
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, against=chen)
    decisions.approve(question=question, by=lin)
    decisions.take_back(question=question, by=lin)
    assert Appeal.objects.get().settled_at is None
    assert refused(decisions.approve, question=question, by=chen).code == "conflict"


def test_an_appeal_is_not_settled_by_the_first_of_two_persons(two, question, chen, lin):
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, against=chen)
    decisions.approve(question=question, by=lin)
    assert Appeal.objects.get().settled_at is None
    decisions.approve(question=question, by=make.editor())
    assert Appeal.objects.get().settled_at is not None


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
def test_twice_at_once_by_one_person_is_still_the_first_of_two(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    Rules.objects.create(programme=programme, two_stage=True)
    question, chen = make.question(programme), make.seated(programme, "moderator")
    outcome = race([lambda: decisions.approve(question=question, by=chen)] * 3)
    assert (sorted(outcome), len(rows())) == (["conflict", "conflict", "screened"], 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_two_who_release_at_once_one_is_told(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    Rules.objects.create(programme=programme, two_stage=True)
    question = make.question(programme)
    first, *others = (make.seated(programme, "moderator") for _seat in range(3))
    decisions.approve(question=question, by=first)
    outcome = race([lambda by=by: decisions.approve(question=question, by=by) for by in others])
    assert (sorted(outcome), [row[1] for row in rows()]) == (["approved", "conflict"], ["screen", "approve"])


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
                    except Refused as refusal:
                        last = refusal
            return getattr(last, "question", last) if not isinstance(last, Refused) else several[0]

        return run

    race([work(pair[0], several), work(pair[1], several[::-1])])
    assert Record.objects.count() == 4
    assert {question.state for question in Question.objects.all()} == {QuestionState.APPROVED}
