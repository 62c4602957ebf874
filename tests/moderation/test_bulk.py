"""A selection: each question for itself, and a list of what was done and what was not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import bulk, decisions, holds, leases, wordings
from moderation.bulk import Chosen
from moderation.models import Hold, Record
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make

pytestmark = pytest.mark.django_db


def carry_out(programme, act, questions, by, **words):
    return bulk.carry_out(programme=programme, act=act, chosen=[Chosen(question.pk) for question in questions], by=by, **words)


def told(outcomes):
    return [(outcome.label, outcome.refused and outcome.refused.code) for outcome in outcomes]


def states(programme):
    return list(programme.questions.order_by("number").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("act", "words", "before", "after"),
    [
        ("approve", {}, "received", "approved"),
        ("decline", {"reason": "advert", "words": "请去掉广告。"}, "received", "declined"),
        ("take_back", {}, "declined", "received"),
        ("hold", {"words": "等编辑。"}, "received", "received"),
        ("escalate", {}, "received", "received"),
    ],
)
def test_each_is_carried_out_and_recorded_for_itself(programme, chen, act, words, before, after):
    chosen = [make.question(programme, state=before) for _question in range(3)]
    outcomes = carry_out(programme, act, chosen, chen, **words)
    assert (told(outcomes), states(programme)) == ([(question.label, None) for question in chosen], [after] * 3)
    rows = list(Record.objects.order_by("number").values_list("action", "question", "words", "reason"))
    assert rows == [(act, question.pk, words.get("words", ""), words.get("reason", "")) for question in chosen]


def test_resumed_together(programme, chen):
    chosen = [make.question(programme) for _question in range(2)]
    for question in chosen:
        holds.hold(question=question, by=chen)
    assert (told(carry_out(programme, "resume", chosen, chen)), Hold.objects.count()) == ([(each.label, None) for each in chosen], 0)


def test_a_bad_one_stops_no_other_and_is_told_why(programme, chen, lin):
    first, held, decided, escalated, last = (make.question(programme) for _question in range(5))
    leases.take(question=held, by=lin)
    decisions.decline(question=decided, reason="legal", by=lin)
    holds.escalate(question=escalated, by=lin)
    outcomes = carry_out(programme, "approve", [first, held, decided, escalated, last], chen)
    assert told(outcomes) == [
        (first.label, None),
        (held.label, "conflict"),
        (decided.label, "conflict"),
        (escalated.label, "conflict"),
        (last.label, None),
    ]
    starts = [f"林审核正在审核提问 {held.label}", f"提问 {decided.label} 已由林审核在", f"提问 {escalated.label} 已由林审核上报"]
    whys = [outcome.refused.detail for outcome in outcomes if outcome.refused]
    assert [why.startswith(start) for why, start in zip(whys, starts, strict=True)] == [True] * 3
    assert states(programme) == ["approved", "received", "declined", "received", "approved"]


def test_questions_of_other_programmes_and_of_none_are_not_found(programme, chen):
    own, other = make.question(programme), make.question(make.programme())
    outcomes = bulk.carry_out(programme=programme, act="approve", chosen=[Chosen(other.pk), Chosen(own.pk), Chosen(uuid4())], by=chen)
    other.refresh_from_db()
    assert (told(outcomes), other.state) == ([("", "not_found"), (own.label, None), ("", "not_found")], QuestionState.RECEIVED)


def test_chosen_twice_it_is_done_once(programme, chen):
    question = make.question(programme)
    assert told(carry_out(programme, "approve", [question, question], chen)) == [(question.label, None)]


def test_words_that_changed_meanwhile_are_not_decided(programme, chen):
    old, new = make.question(programme), make.question(programme)
    for question in (old, new):
        wordings.add(question=question, text=question.text, by=None)
    wordings.add(question=new, text="新的文字", by=None)
    chosen = [Chosen(old.pk, 1), Chosen(new.pk, 1)]
    assert told(bulk.carry_out(programme=programme, act="approve", chosen=chosen, by=chen)) == [(old.label, None), (new.label, "conflict")]


@pytest.mark.parametrize(
    ("act", "words", "field"),
    [
        ("answer", {}, "act"),
        ("", {}, "act"),
        ("decline", {}, "reason"),
        ("decline", {"reason": "legal", "words": "字" * 301}, "words"),
        ("hold", {"words": "字" * 301}, "words"),
    ],
)
def test_what_would_be_refused_for_all_is_refused_once(programme, chen, act, words, field):
    chosen = [make.question(programme) for _question in range(2)]
    with pytest.raises(Refused) as caught:
        carry_out(programme, act, chosen, chen, **words)
    assert (caught.value.code, list(caught.value.fields), Record.objects.count(), Event.objects.count()) == ("invalid", [field], 0, 0)


@pytest.mark.parametrize(("count", "detail"), [(0, "还没有选择提问。"), (101, "选择了101条，一次最多100条。")])
def test_none_and_more_than_a_hundred_are_refused(programme, chen, count, detail):
    with pytest.raises(Refused) as caught:
        bulk.carry_out(programme=programme, act="approve", chosen=[Chosen(uuid4()) for _each in range(count)], by=chen)
    assert (caught.value.code, caught.value.detail) == ("invalid", detail)


@pytest.mark.parametrize("role", ["host", None])
def test_only_moderators_and_editors(programme, role):
    question = make.question(programme)
    person = make.seated(programme, role) if role else make.seated(make.programme(), "moderator")
    with pytest.raises(Refused) as caught:
        carry_out(programme, "approve", [question], person)
    assert (caught.value.code, states(programme)) == ("forbidden", ["received"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_of_two_selections_at_once_each_question_is_decided_by_one(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    several = [make.question(programme) for _question in range(6)]
    pair = [make.seated(programme, "moderator") for _seat in range(2)]
    together = Barrier(2)

    def run(by, order, act):
        try:
            together.wait(timeout=120)
            return {outcome.label for outcome in carry_out(programme, act, order, by, reason="legal") if outcome.refused is None}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(run, pair, [several, several[::-1]], ["approve", "decline"])
    assert (first & second, first | second) == (set(), {question.label for question in several})
    approved = set(Question.objects.filter(state=QuestionState.APPROVED).values_list("label", flat=True))
    assert (approved, Record.objects.count()) == (first, 6)


def test_all_are_merged_into_the_first_that_was_asked_and_split_again(programme, chen, lin):
    first, second, held, last = (make.question(programme) for _question in range(4))
    leases.take(question=held, by=lin)
    outcomes = carry_out(programme, "merge", [last, first, held, second], chen)
    assert told(outcomes) == [(last.label, None), (held.label, "conflict"), (second.label, None)]
    assert set(Question.objects.filter(merged_into=first)) == {second, last}
    assert told(carry_out(programme, "split", [last, second], chen)) == [(last.label, None), (second.label, None)]
    assert states(programme) == ["received"] * 4


def test_one_alone_is_merged_with_nothing(programme, chen):
    for chosen in ([Chosen(make.question(programme).pk)], [Chosen(make.question(programme).pk), Chosen(uuid4())]):
        with pytest.raises(Refused) as refused:
            bulk.carry_out(programme=programme, act="merge", chosen=chosen, by=chen)
        assert (refused.value.code, refused.value.detail) == ("invalid", "合并至少要选择两条提问。")
