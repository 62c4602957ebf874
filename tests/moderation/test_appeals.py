"""The asker's second chance and the answer to what was asked back: once, decided by another, final."""

import pytest

from accounts.callers import Caller
from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import appeals, blocks, decisions, edits, holds, intake, leases, throttle, wordings
from moderation.models import Appeal, Hold, Lease, Record, Rules, Wording
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make
from tests.moderation.conftest import race, refused

pytestmark = pytest.mark.django_db
SENT = "水压什么时候恢复？"
ANEW = "湖滨路12栋顶楼的水压什么时候恢复？"
WHY = "我问的就是本期的供水，请再看一次。"
VISITOR = Caller(None, "visitor", "203.0.113.9")


@pytest.fixture
def question(programme):
    return sent(programme)


def sent(programme, **fields):
    question = make.question(programme, text=SENT, **fields)
    wordings.add(question=question, text=SENT, by=None)
    return question


def declined(question, by):
    return decisions.decline(question=question, reason="off_topic", by=by)


def use_up(question):
    asker = intake.asker_of(question.programme, visitor=question.visitor, address=VISITOR.address)
    try:
        for _time in range(100):
            throttle.take(asker)
    except throttle.TooOften:
        return


def rewrite(question, text=ANEW, caller=VISITOR):
    return appeals.rewrite(token=question.receipt_token, text=text, caller=caller)


def appeal(question, words=WHY, caller=VISITOR):
    return appeals.appeal(token=question.receipt_token, words=words, caller=caller)


def steps():
    return list(Record.objects.order_by("number").values_list("action", "by__name"))


def whole():
    return (
        list(Question.objects.order_by("number").values_list("state", "text")),
        list(Appeal.objects.values_list("kind", "words")),
        Record.objects.count(), Wording.objects.count(), Event.objects.count(),
    )  # fmt: skip


def refusal(verb, *words, **named):
    said = refused(verb, *words, **named)
    return said.code, said.detail


# ── Rewriting what was declined ──────────────────────────────────────────────────────────────────────────────────────


def test_the_new_words_wait_under_the_old_number(question, chen):
    declined(question, chen)
    anew = rewrite(question)
    row = Appeal.objects.get()
    assert (anew.pk, anew.label, anew.state, anew.text, anew.reason, anew.reason_words) == (
        question.pk, question.label, QuestionState.RECEIVED, ANEW, "", "",
    )  # fmt: skip
    assert (row.kind, row.words, row.against, row.settled_at) == ("rewrite", "", chen, None)
    assert list(question.wordings.order_by("number").values_list("number", "text", "by")) == [(1, SENT, None), (2, ANEW, None)]
    assert (steps(), Record.objects.last().data) == ([("decline", "陈审核"), ("rewrite", None)], {"wording": 2, "asked_back": False})


def test_nobody_but_the_inbox_and_the_asker_is_told(question, chen):
    declined(question, chen)
    rewrite(question)
    assert set(Event.objects.values_list("topic__name", flat=True)) == {
        f"inbox:{question.programme_id}",
        f"receipt:{question.receipt_token}",
    }
    assert ANEW in make.events(f"inbox:{question.programme_id}")[-1].html
    told = make.events(f"receipt:{question.receipt_token}")[-1]
    assert (told.data["state"], "由另一位审核员决定" in told.html, ANEW in told.html) == ("received", True, True)


def test_another_moderator_decides_and_then_it_is_final(question, chen, lin):
    declined(question, chen)
    rewrite(question)
    with pytest.raises(Refused):
        decisions.approve(question=question, by=chen)
    decisions.decline(question=question, reason="off_topic", by=lin)
    assert Appeal.objects.get().settled_at is not None
    throttle.forget()
    for verb in (rewrite, appeal):
        assert refusal(verb, question, "再试一次。") == (
            "conflict", f"提问 {question.label} 已经改写或申诉过一次，由另一位审核员决定，不再受理。",
        )  # fmt: skip
    told = make.events(f"receipt:{question.receipt_token}")[-1].html
    assert ("不再受理改写和申诉" in told, "/rewrite/" in told, "/appeal/" in told) == (True, False, False)


def test_the_new_words_are_screened_masked_and_no_longer_edited(question, chen):
    edits.edit(question=question, text=SENT.replace("恢复", "好"), seen=1, by=chen)
    declined(question, chen)
    anew = rewrite(question, "我是湖滨路的住户，手机13812345678，水压什么时候恢复？")
    assert ("13812345678" in anew.text, anew.edited_at) == (False, None)
    assert "13812345678" in wordings.latest(question).text


def test_the_same_words_as_before_are_no_rewrite(question, chen):
    declined(question, chen)
    assert refusal(rewrite, question, f" {SENT}\n") == ("invalid", "文字和原来的一样。请改写以后再提交；不想改写，可以申诉。")


def test_a_form_sent_twice_is_one_rewrite(question, chen):
    declined(question, chen)
    rewrite(question)
    before = whole()
    assert (rewrite(question).text, whole()) == (ANEW, before)


# ── Appealing ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_appeal_brings_the_same_words_before_another_moderator(question, chen, lin):
    declined(question, chen)
    again = appeal(question)
    row = Appeal.objects.get()
    assert (again.state, again.text, row.kind, row.words, row.against) == (QuestionState.RECEIVED, SENT, "appeal", WHY, chen)
    # The reasons of a netizen are no words of the record, which nobody can erase.
    assert (steps(), Record.objects.last().words, Record.objects.last().data) == ([("decline", "陈审核"), ("appeal", None)], "", {})
    assert decisions.approve(question=question, by=lin).state == QuestionState.APPROVED
    assert Appeal.objects.get().settled_at is not None


def test_a_form_sent_twice_is_one_appeal(question, chen):
    declined(question, chen)
    appeal(question)
    before = whole()
    assert (appeal(question).state, whole()) == (QuestionState.RECEIVED, before)


def test_there_is_one_chance_not_two(question, chen):
    declined(question, chen)
    appeal(question)
    throttle.forget()
    assert [refusal(rewrite, question)[0], refusal(appeal, question, "另一个理由。")[0]] == ["conflict", "conflict"]


def test_a_decline_that_was_taken_back_leaves_the_chance(question, chen, lin):
    declined(question, chen)
    decisions.take_back(question=question, by=chen)
    assert refusal(appeal, question) == ("conflict", f"提问 {question.label} 现在是“已收到”，不能改写或申诉。")
    declined(question, lin)
    appeal(question)
    assert Appeal.objects.get().against == lin


def test_where_two_have_to_agree_an_appeal_needs_two_others(programme, question, chen, lin):
    Rules.objects.create(programme=programme, two_stage=True)
    declined(question, chen)
    appeal(question)
    assert decisions.approve(question=question, by=lin).state == QuestionState.SCREENED
    with pytest.raises(Refused):
        decisions.approve(question=question, by=chen)
    assert decisions.approve(question=question, by=make.editor()).state == QuestionState.APPROVED


# ── What was asked back ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("two_stage", [False, True])
def test_what_was_asked_back_comes_back_with_the_rewrite_and_uses_nothing_up(programme, question, chen, lin, two_stage):
    if two_stage:
        Rules.objects.create(programme=programme, two_stage=True)
        decisions.approve(question=question, by=chen)
    holds.ask_back(question=question, words="请写明<b>哪里</b>。", by=chen)
    leases.take(question=question, by=lin)
    anew = rewrite(question)
    assert (anew.state, anew.text, Hold.objects.count(), Lease.objects.count(), Appeal.objects.count()) == (
        QuestionState.RECEIVED, ANEW, 0, 0, 0,
    )  # fmt: skip
    assert Record.objects.last().data == {"wording": 2, "asked_back": True}
    declined(question, chen)
    throttle.forget()
    appeal(question)
    assert Appeal.objects.get().against == chen


def test_a_rewrite_that_differs_only_where_it_is_masked_still_answers(programme, chen):
    first, second = "手机13812345678，水压何时恢复？", "手机13987654321，水压何时恢复？"
    question = make.question(programme, text=intake.read(first).masked)
    wordings.add(question=question, text=first, by=None)
    holds.ask_back(question=question, words="号码对吗？", by=chen)
    assert rewrite(question, second).text == question.text
    assert "号码对吗" not in make.events(f"receipt:{question.receipt_token}")[-1].html


def test_it_can_be_asked_back_more_than_once(question, chen):
    for number in (1, 2, 3):
        holds.ask_back(question=question, words=f"请补充第{number}点。", by=chen)
        rewrite(question, f"{ANEW}第{number}次补充。")
        throttle.forget()
    assert (question.wordings.count(), Appeal.objects.count()) == (4, 0)


def test_the_moderator_whose_page_is_older_decides_nothing_about_the_new_words(question, chen, lin):
    holds.ask_back(question=question, words="请补充。", by=chen)
    rewrite(question)
    for verb, words in ((decisions.approve, {}), (decisions.decline, {"reason": "legal"})):
        with pytest.raises(Refused) as caught:
            verb(question=question, by=lin, seen=1, **words)
        assert (caught.value.code, caught.value.detail) == ("conflict", f"提问 {question.label} 的文字刚刚改过，请看过新的文字再决定。")
    assert decisions.approve(question=question, by=lin, seen=2).state == QuestionState.APPROVED


def test_a_question_from_before_wordings_were_kept_keeps_its_first_words(programme, chen):
    question = make.question(programme, text=SENT)
    declined(question, chen)
    rewrite(question)
    assert [row.text for row in question.wordings.all()] == [SENT, ANEW]


# ── What is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", sorted(set(QuestionState) - {QuestionState.DECLINED}))
def test_what_was_not_declined_is_neither_rewritten_nor_appealed(programme, state):
    question = make.question(programme, state=state, text=SENT)
    assert [refusal(verb, question)[0] for verb in (rewrite, appeal)] == ["conflict", "conflict"]


@pytest.mark.parametrize(
    ("state", "sentence"), [("archived", "访谈已归档，不再受理改写和申诉。"), ("cancelled", "访谈已取消，不再受理改写和申诉。")]
)
def test_once_it_is_archived_or_cancelled_it_is_too_late(question, chen, state, sentence):
    declined(question, chen)
    make.move(question.programme, ProgrammeState(state))
    assert [refusal(verb, question) for verb in (rewrite, appeal)] == [("closed", sentence)] * 2


@pytest.mark.parametrize("state", [ProgrammeState.ENDED, ProgrammeState.POSTPONED])
def test_until_then_it_is_not(question, chen, state):
    declined(question, chen)
    make.move(question.programme, state)
    assert appeal(question).state == QuestionState.RECEIVED


@pytest.mark.parametrize(("verb", "words"), [(rewrite, " \u200b"), (rewrite, "字" * 1001), (appeal, ""), (appeal, "字" * 301)])
def test_nothing_and_too_much_are_refused(question, chen, verb, words):
    declined(question, chen)
    assert refusal(verb, question, words)[0] == "invalid"


def test_an_unknown_token_is_no_question():
    with pytest.raises(Question.DoesNotExist):
        appeals.appeal(token="x" * 27, words=WHY, caller=VISITOR)


def test_staff_do_not_speak_as_a_netizen(question, chen):
    declined(question, chen)
    assert [refusal(verb, question, caller=Caller(chen, None, "203.0.113.9"))[0] for verb in (rewrite, appeal)] == ["forbidden"] * 2


def test_too_often_is_told_and_uses_nothing_up(question, chen):
    declined(question, chen)
    use_up(question)
    assert [refusal(verb, question)[0] for verb in (rewrite, appeal)] == ["throttled", "throttled"]
    throttle.forget()
    assert rewrite(question).text == ANEW


def test_sent_twice_it_counts_once(question, chen):
    declined(question, chen)
    appeal(question)
    use_up(question)
    assert appeal(question).state == QuestionState.RECEIVED


# ── At once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_rewrite_and_an_appeal_at_once_are_one_chance(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = sent(programme)
    declined(question, make.seated(programme, "moderator"))
    outcome = race([lambda: rewrite(question), lambda: appeal(question)])
    assert (sorted(outcome), Appeal.objects.count(), Record.objects.count()) == (["conflict", "received"], 1, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_form_sent_twice_at_once_is_one(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = sent(programme)
    declined(question, make.seated(programme, "moderator"))
    outcome = race([lambda: rewrite(question)] * 3)
    assert (outcome, question.wordings.count(), Record.objects.count()) == (["received"] * 3, 2, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_decision_about_the_old_words_and_the_rewrite_at_once_never_publish_unseen_words(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question, chen = sent(programme), make.seated(programme, "moderator")
    holds.ask_back(question=question, words="请补充。", by=chen)
    race([lambda: decisions.approve(question=question, by=chen, seen=1), lambda: rewrite(question)])
    question.refresh_from_db()
    assert (question.state, question.text) in {("approved", SENT), ("received", ANEW)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_taking_a_decline_back_and_the_appeal_at_once_leave_one_whole_state(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question, chen = sent(programme), make.seated(programme, "moderator")
    declined(question, chen)
    outcome = race([lambda: decisions.take_back(question=question, by=chen), lambda: appeal(question)])
    question.refresh_from_db()
    assert (sorted(outcome), question.state) == (["conflict", "received"], "received")


@pytest.mark.parametrize("scope", ["visitor", "network"])
def test_whoever_is_blocked_rewrites_nothing_and_may_appeal_all_the_same(programme, chen, scope):
    question = sent(programme, visitor="visitor", address=VISITOR.address)
    declined(question, chen)
    blocks.block(question=question, scope=scope, everywhere=False, days=7, reason="一再发布广告", by=chen)
    elsewhere = Caller(None, "another-browser", VISITOR.address)
    for caller in (VISITOR, elsewhere):
        with pytest.raises(Refused) as refused:
            rewrite(question, caller=caller)
        assert (refused.value.code, "原因：一再发布广告" in refused.value.detail) == ("blocked", True)
    assert Question.objects.get(pk=question.pk).state == QuestionState.DECLINED
    assert appeal(question).state == QuestionState.RECEIVED


def test_whoever_is_blocked_adds_nothing_to_what_was_asked_back_until_the_block_is_lifted(programme, chen):
    question = sent(programme, visitor="visitor")
    holds.ask_back(question=question, words="哪里？", by=chen)
    block = blocks.block(question=question, scope="visitor", everywhere=False, days=0, reason="一再发布广告", by=chen)
    with pytest.raises(Refused) as refused:
        rewrite(question)
    assert refused.value.code == "blocked"
    blocks.settle(block=block, lift=True, by=chen)
    assert rewrite(question).text == ANEW
