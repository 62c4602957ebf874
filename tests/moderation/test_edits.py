"""Small edits: how small, who may, what is kept, and where the mark is seen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from interview import answers, entries, questions
from interview.states import ProgrammeState, QuestionState
from moderation import decisions, edits, intake, leases, wordings
from moderation.models import Appeal, Hold, Record, Wording
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make
from tests.moderation.conftest import refused

pytestmark = pytest.mark.django_db
SENT = "我们小区从周一开始水压就很底，早上六点以后顶楼完全没有水，请问什么时候能恢复？"
BETTER = "我们小区从周一开始水压就很低，早上六点以后顶楼完全没有水，请问什么时候能恢复？"


@pytest.fixture
def question(programme):
    return sent(programme)


def sent(programme, text=SENT, **fields):
    """A question with its wording, as intake stores it."""
    seen = intake.read(text)
    question = make.question(programme, text=seen.masked, **fields)
    wordings.add(question=question, text=text, by=None, findings=seen.findings)
    return question


def kept(question):
    return list(question.wordings.order_by("number").values_list("number", "text", "by__name"))


def refusal(**words):
    said = refused(edits.edit, **words)
    return said.code, said.detail


def test_everybody_reads_the_new_words_and_the_old_ones_are_kept(question, chen):
    edited = edits.edit(question=question, text=BETTER, seen=1, by=chen)
    row = Record.objects.get()
    assert (edited.text, edited.edited_at is not None, edited.state) == (BETTER, True, QuestionState.RECEIVED)
    assert kept(question) == [(1, SENT, None), (2, BETTER, "陈审核")]
    assert (row.action, row.by, row.words, row.data) == ("edit", chen, "", {"wording": 2, "changed": 1})


def test_the_asker_reads_the_new_words_with_the_mark(question, chen):
    edits.edit(question=question, text=BETTER, seen=1, by=chen)
    [told] = make.events(f"receipt:{question.receipt_token}")
    assert (BETTER in told.html, "由审核员编辑" in told.html, told.data["state"]) == (True, True, "received")


def test_the_mark_reaches_the_waiting_list_the_desk_the_transcript_and_programs(programme, question, chen):
    edits.edit(question=question, text=BETTER, seen=1, by=chen)
    decisions.approve(question=question, by=chen)
    shown = [make.events(f"{topic}:{programme.pk}")[-1].html for topic in ("stage", "desk", "inbox")]
    assert [(BETTER[:20] in html, "由审核员编辑" in html) for html in shown[:2]] == [(True, True)] * 2
    answers.answer(question=question, guest=make.guest(programme), text="本周内。", by=make.seated(programme, "host"))
    asked, answered = entries.of(programme)
    question.refresh_from_db()
    assert [entries.record(entry)["edited_at"] for entry in (asked, answered)] == [question.edited_at.isoformat(), None]
    assert ["由审核员编辑" in entries.render(entry) for entry in (asked, answered)] == [True, False]
    assert asked.text == BETTER


def test_of_an_edited_question_in_public_the_log_has_only_the_new_words(programme, question, chen):
    decisions.approve(question=question, by=chen)
    edits.edit(question=question, text=BETTER, seen=1, by=chen)
    for topic in ("stage", "desk"):
        told = [event.html for event in make.events(f"{topic}:{programme.pk}") if event.html]
        assert [("很底" in html, BETTER in html) for html in told] == [(False, True)]


def test_changed_back_the_mark_is_gone_and_every_step_is_kept(question, chen, lin):
    edits.edit(question=question, text=BETTER, seen=1, by=chen)
    back = edits.edit(question=question, text=SENT, seen=2, by=lin)
    assert (back.text, back.edited_at) == (SENT, None)
    assert kept(question) == [(1, SENT, None), (2, BETTER, "陈审核"), (3, SENT, "林审核")]


def test_many_small_edits_are_measured_against_what_was_sent(question, chen):
    half = SENT.replace("我们小区", "本小区")
    edits.edit(question=question, text=half, seen=1, by=chen)
    assert refusal(question=question, text=half.replace("什么时候能恢复", "何日"), seen=2, by=chen) == (
        "invalid", "改动了9个字，最多7个：只能作少量改动，意思不变。要大改，请让提问人补充。",
    )  # fmt: skip


@pytest.mark.parametrize(("length", "most"), [(3, 4), (20, 4), (24, 4), (25, 5), (200, 40), (1000, 200)])
def test_one_character_in_five_and_four_in_short_ones(length, most):
    assert edits.most("字" * length) == most


@settings(max_examples=50, deadline=None)
@given(text=st.text("水压低了恢复吗", min_size=1, max_size=60), other=st.text("水压低了恢复吗", min_size=1, max_size=60))
def test_what_is_small_is_at_least_four_fifths_the_askers_own(text, other):
    if Levenshtein.distance(text, other) <= edits.most(text) and len(text) >= 20:
        assert Levenshtein.normalized_similarity(text, other) >= 0.8
        assert len(other) <= len(text) * 1.2


def test_personal_data_stays_masked_and_does_not_count(programme, chen):
    question = sent(programme, f"{SENT}我的手机是13812345678。")
    shown = question.text
    edited = edits.edit(question=question, text=shown.replace("很底", "很低"), seen=1, by=chen)
    assert ("13812345678" in edited.text, Record.objects.get().data["changed"]) == (False, 1)
    assert "13812345678" in wordings.first(question).text


def test_personal_data_that_a_moderator_types_is_masked_too(question, chen):
    typed = SENT.replace("六点", "13812345678")
    edited = edits.edit(question=question, text=typed, seen=1, by=chen)
    assert ("13812345678" in edited.text, wordings.latest(question).text) == (False, typed)


def test_a_question_from_before_wordings_were_kept_keeps_what_stands_there(programme, chen):
    question = make.question(programme, text=SENT)
    edits.edit(question=question, text=BETTER, seen=0, by=chen)
    assert kept(question) == [(1, SENT, None), (2, BETTER, "陈审核")]


def test_the_second_moderator_sees_the_new_words_first(question, chen, lin):
    edits.edit(question=question, text=BETTER, seen=1, by=chen)
    assert refusal(question=question, text=SENT.replace("六点", "六时"), seen=1, by=lin) == (
        "conflict", f"陈审核刚刚改过提问 {question.label} 的文字，请看过再改。",
    )  # fmt: skip


def test_a_click_too_many_is_the_same_edit(question, chen):
    edits.edit(question=question, text=BETTER, seen=1, by=chen)
    before = Event.objects.count()
    assert edits.edit(question=question, text=f" {BETTER}\n", seen=1, by=chen).text == BETTER
    assert (Event.objects.count(), Record.objects.count()) == (before, 1)


@pytest.mark.parametrize(("text", "detail"), [("", "请写下改写后的提问"), (SENT, "文字没有改动。"), ("字" * 1001, "改写后的提问有1001字")])
def test_nothing_everything_and_too_much_are_refused(question, chen, text, detail):
    code, told = refusal(question=question, text=text, seen=1, by=chen)
    assert (code, told.startswith(detail)) == ("invalid", True)


@pytest.mark.parametrize("state", sorted(set(QuestionState) - questions.REWORDABLE))
def test_what_is_answered_or_not_used_is_not_edited(programme, chen, state):
    question = make.question(programme, state=state, text=SENT)
    assert refusal(question=question, text=BETTER, seen=0, by=chen) == (
        "conflict", f"提问 {question.label} 现在是“{question.get_state_display()}”，文字不能再改。",
    )  # fmt: skip


def test_what_a_guest_has_before_them_is_not_edited(programme, question, chen):
    decisions.approve(question=question, by=chen)
    questions.put(question=question, guest=make.guest(programme), by=make.seated(programme, "host"))
    assert refusal(question=question, text=BETTER, seen=1, by=chen)[0] == "conflict"


def test_what_others_read_or_decide_is_not_edited(programme, question, chen, lin):
    leases.take(question=question, by=lin)
    assert refusal(question=question, text=BETTER, seen=1, by=chen)[1].startswith("林审核正在审核")
    escalated, appealed = sent(programme), sent(programme)
    Hold.objects.create(question=escalated, kind=Hold.Kind.ESCALATED, by=lin)
    Appeal.objects.create(question=appealed, kind=Appeal.Kind.APPEAL, against=chen)
    assert [refusal(question=each, text=BETTER, seen=1, by=chen)[0] for each in (escalated, appealed)] == ["conflict", "conflict"]


@pytest.mark.parametrize("role", ["host", "stenographer", None])
def test_only_moderators_and_editors_edit(programme, question, role):
    person = make.seated(programme, role) if role else make.seated(make.programme(), "moderator")
    assert refusal(question=question, text=BETTER, seen=1, by=person)[0] == "forbidden"
    assert edits.edit(question=question, text=BETTER, seen=1, by=make.editor()).text == BETTER


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_two_edits_at_once_one_is_told(round_):
    programme = make.programme(state=ProgrammeState.LIVE)
    question = sent(programme)
    pair = [make.seated(programme, "moderator") for _seat in range(2)]
    together = Barrier(2)

    def run(by, text):
        try:
            together.wait(timeout=120)
            return edits.edit(question=question, text=text, seen=1, by=by).text
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    texts = [BETTER, SENT.replace("六点", "六时")]
    with ThreadPoolExecutor(2) as threads:
        outcome = list(threads.map(run, pair, texts))
    question.refresh_from_db()
    assert (sorted(outcome), Wording.objects.count()) == (sorted(["conflict", question.text]), 2)
