"""Putting aside, escalating, asking back: who may, who is told, and what ends it."""

import pytest

from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import decisions, holds, intake, leases
from moderation.models import Appeal, Hold, Lease, Record, Rules
from moderation.screening.findings import Consequence, Finding, Kind
from realtime.models import Event
from tests import scenes as make
from tests.moderation.conftest import race, refused

pytestmark = pytest.mark.django_db
FOUND = [
    Finding(Kind.WORD, category, consequence, 0, 2, "水压", "词表里有。")
    for category, consequence in (("辱骂", Consequence.HOLD), ("广告", Consequence.MARK), ("代办", Consequence.HOLD))
]


def put(kind, question, by, words="请核实。"):
    return {"held": holds.hold, "escalated": holds.escalate, "asked_back": holds.ask_back}[kind](question=question, words=words, by=by)


def steps():
    return list(Record.objects.order_by("number").values_list("action", "words", "by__name"))


def refusal(verb, **words):
    said = refused(verb, **words)
    return said.code, said.detail


@pytest.mark.parametrize(("kind", "action"), [("held", "hold"), ("escalated", "escalate"), ("asked_back", "ask_back")])
def test_what_is_put_aside_is_recorded_read_by_nobody_and_still_undecided(question, chen, kind, action):
    leases.take(question=question, by=chen)
    put(kind, question, chen)
    row = Hold.objects.get()
    question.refresh_from_db()
    assert (row.question, row.kind, row.words, row.by, question.state) == (question, kind, "请核实。", chen, QuestionState.RECEIVED)
    assert (steps(), Lease.objects.count()) == ([(action, "请核实。", "陈审核")], 0)


def test_nobody_but_the_inbox_and_the_asker_is_told(question, chen):
    put("asked_back", question, chen, words="请写明<b>哪个</b>小区。")
    topics = set(Event.objects.values_list("topic__name", flat=True))
    assert topics == {f"inbox:{question.programme_id}", f"receipt:{question.receipt_token}"}
    told = make.events(f"receipt:{question.receipt_token}")[-1]
    assert (told.data["state"], "请写明&lt;b&gt;哪个&lt;/b&gt;小区。" in told.html) == ("received", True)


def test_what_colleagues_wrote_about_a_hold_its_asker_does_not_read(question, chen):
    for kind in ("held", "escalated"):
        put(kind, question, chen, words="疑似同行竞争。")
    told = make.events(f"receipt:{question.receipt_token}")
    assert ["疑似同行竞争" in event.html for event in told] == [False, False]


def test_of_what_a_word_list_held_its_asker_knows_nothing(question, chen):
    holds.hold_by_rule(question, FOUND)
    row, record = Hold.objects.get(), Record.objects.get()
    assert (row.by, row.words, record.data, steps(), Event.objects.count()) == (
        None, "词表：代办、辱骂", {"categories": ["代办", "辱骂"]}, [("hold", "", None)], 0,
    )  # fmt: skip
    holds.resume(question=question, by=chen)
    assert (make.kinds(f"receipt:{question.receipt_token}"), Hold.objects.count()) == ([], 0)


def test_a_click_too_many_is_the_same_hold(question, chen):
    for kind in ("held", "escalated", "asked_back"):
        put(kind, question, make.editor(name="编辑一"))
        before = Event.objects.count(), len(steps())
        put(kind, question, Hold.objects.get().by)
        assert (Event.objects.count(), len(steps())) == before


def test_the_second_one_is_told_who_put_it_aside(question, chen, lin):
    put("held", question, chen)
    assert refusal(holds.hold, question=question, words="", by=lin) == (
        "conflict", f"提问 {question.label} 已由陈审核设为“搁置”，这一步没有执行。",
    )  # fmt: skip
    Hold.objects.all().delete()
    holds.hold_by_rule(question, FOUND)
    assert refusal(holds.hold, question=question, by=lin)[1] == f"提问 {question.label} 已由词表设为“搁置”，这一步没有执行。"


def test_what_is_held_may_be_escalated_or_asked_back(question, chen, lin):
    for kind, by in (("held", chen), ("asked_back", lin), ("escalated", chen)):
        put(kind, question, by)
        assert (Hold.objects.get().kind, Hold.objects.get().by) == (kind, by)
    assert [step[0] for step in steps()] == ["hold", "ask_back", "escalate"]


def test_what_is_escalated_is_the_editors_to_hold_or_ask_back(question, chen, lin):
    put("escalated", question, chen)
    for verb in (holds.hold, holds.ask_back):
        assert refusal(verb, question=question, words="请补充。", by=lin)[1].endswith("要由编辑决定；请先看别的提问。")
    put("asked_back", question, make.editor())
    assert Hold.objects.get().kind == "asked_back"


def test_resumed_it_is_back_among_the_others_and_its_asker_is_told(question, chen, lin):
    put("asked_back", question, chen)
    holds.resume(question=question, by=lin)
    assert (Hold.objects.count(), [step[0] for step in steps()], Record.objects.last().data) == (
        0, ["ask_back", "resume"], {"hold": "asked_back"},
    )  # fmt: skip
    assert "请核实" not in make.events(f"receipt:{question.receipt_token}")[-1].html
    assert refusal(holds.resume, question=question, by=lin) == ("conflict", f"提问 {question.label} 没有搁置，不用取消。")


def test_what_was_escalated_comes_back_by_an_editor_or_whoever_escalated_it(question, chen, lin):
    put("escalated", question, chen)
    assert refusal(holds.resume, question=question, by=lin)[0] == "conflict"
    holds.resume(question=question, by=chen)
    put("escalated", question, chen)
    holds.resume(question=question, by=make.editor())
    assert Hold.objects.count() == 0


@pytest.mark.parametrize("kind", ["held", "escalated", "asked_back"])
def test_taking_back_undoes_what_was_put_aside_last(question, chen, kind):
    Rules.objects.create(programme=question.programme, two_stage=True)
    decisions.approve(question=question, by=chen)
    put(kind, question, chen)
    assert decisions.take_back(question=question, by=chen).state == QuestionState.SCREENED
    assert decisions.take_back(question=question, by=chen).state == QuestionState.RECEIVED
    assert [step[0] for step in steps()][2:] == ["resume", "take_back"]


def test_what_a_word_list_held_is_resumed_not_taken_back(question, chen):
    holds.hold_by_rule(question, FOUND)
    assert refusal(decisions.take_back, question=question, by=chen)[0] == "conflict"


@pytest.mark.parametrize("kind", ["held", "escalated", "asked_back"])
def test_a_decision_ends_it(question, kind):
    editor = make.editor()
    put(kind, question, editor)
    decisions.approve(question=question, by=editor)
    assert (Hold.objects.count(), "请核实" in make.events(f"receipt:{question.receipt_token}")[-1].html) == (0, False)


@pytest.mark.parametrize("kind", ["held", "escalated", "asked_back"])
def test_withdrawing_ends_it(question, chen, kind):
    put(kind, question, chen)
    intake.withdraw(token=question.receipt_token)
    assert Hold.objects.count() == 0


@pytest.mark.parametrize("state", sorted(set(QuestionState) - {QuestionState.RECEIVED, QuestionState.SCREENED}))
def test_what_is_decided_is_not_put_aside(programme, chen, state):
    question = make.question(programme, state=state)
    for verb in (holds.hold, holds.escalate, holds.ask_back):
        assert refusal(verb, question=question, words="请核实。", by=chen)[0] == "conflict"


def test_what_somebody_reads_is_not_put_aside_by_others(question, chen, lin):
    leases.take(question=question, by=chen)
    assert refusal(holds.hold, question=question, by=lin)[1].startswith("陈审核正在审核")
    put("held", question, chen)
    leases.take(question=question, by=chen)
    assert refusal(holds.resume, question=question, by=lin)[1].startswith("陈审核正在审核")


def test_whoever_declined_puts_no_appeal_aside(question, chen, lin):
    Appeal.objects.create(question=question, kind=Appeal.Kind.APPEAL, against=chen)
    assert refusal(holds.hold, question=question, by=chen)[0] == "conflict"
    put("held", question, lin)
    assert refusal(holds.resume, question=question, by=chen)[0] == "conflict"


@pytest.mark.parametrize(("verb", "words"), [(holds.ask_back, ""), (holds.hold, "字" * 301), (holds.escalate, "字" * 301)])
def test_words_that_are_missing_or_too_many_are_refused(question, chen, verb, words):
    assert refusal(verb, question=question, words=words, by=chen)[0] == "invalid"


@pytest.mark.parametrize("state", [ProgrammeState.ARCHIVED, ProgrammeState.CANCELLED])
def test_where_nothing_can_be_rewritten_nothing_is_asked_back(question, chen, state):
    make.move(question.programme, state)
    assert refusal(holds.ask_back, question=question, words="请补充。", by=chen)[0] == "closed"


@pytest.mark.parametrize("role", ["host", "stenographer", None])
def test_only_moderators_and_editors_put_aside(programme, question, role):
    person = make.seated(programme, role) if role else make.seated(make.programme(), "moderator")
    for verb, words in ((holds.hold, {}), (holds.escalate, {}), (holds.ask_back, {"words": "请补充。"}), (holds.resume, {})):
        assert refusal(verb, question=question, by=person, **words)[0] == "forbidden"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_hold_and_a_decision_at_once_leave_one_whole_state(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.question(programme)
    chen, lin = (make.seated(programme, "moderator") for _seat in range(2))
    outcome = race([lambda: holds.escalate(question=question, by=chen), lambda: decisions.approve(question=question, by=lin)])
    escalated = Hold.objects.exists()
    state = "received" if escalated else "approved"
    assert (sorted(outcome), Question.objects.get().state) == (sorted(["conflict", state]), state)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_two_who_hold_at_once_one_is_told(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = make.question(programme)
    pair = [make.seated(programme, "moderator") for _seat in range(2)]
    outcome = race([lambda by=by: holds.hold(question=question, by=by) for by in pair])
    assert (sorted(outcome), Hold.objects.count(), len(steps())) == (["conflict", "received"], 1, 1)
