from datetime import timedelta

import pytest
from django.utils import timezone

from interview import questions, schedule
from interview.models import Entry, Programme
from interview.states import PROGRAMME_MOVES, ProgrammeState, QuestionState
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db

State = ProgrammeState


def fresh(programme):
    return Programme.objects.get(pk=programme.pk)


def said(programme):
    return [entry.text for entry in programme.entries.filter(kind=Entry.Kind.NOTICE)]


def seat_everybody(programme):
    guest = make.guest(programme)
    for role in ("host", "stenographer", "moderator"):
        make.seated(programme, role)
    make.seated(programme, "guest", guest=guest)


def codes(programme):
    return [warning.code for warning in schedule.warnings(programme)]


# ── Before ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_begins_as_a_draft_that_nobody_is_told_of():
    editor, soon = make.editor(), timezone.now() + timedelta(days=9)
    programme = schedule.create(by=editor, title="谈供水", topic="供水", unit=make.organisation(), planned_start=soon)
    assert (programme.state, programme.created_by, make.events(f"stage:{programme.pk}")) == (State.DRAFT, editor, [])


def test_an_empty_plan_is_warned_of_everything_worst_first():
    programme = make.programme(state=State.DRAFT, planned_start=timezone.now() - timedelta(minutes=1), introduction="")
    assert codes(programme) == ["past", "no_guest", "no_moderator", "no_host", "no_stenographer", "short_lead", "no_introduction"]
    assert [warning.forbids for warning in schedule.warnings(programme)] == [True, *[False] * 6]


def test_a_full_plan_announced_a_week_ahead_is_warned_of_nothing():
    programme = make.programme(state=State.DRAFT, planned_start=timezone.now() + timedelta(days=7))
    seat_everybody(programme)
    assert codes(programme) == []


def test_a_guest_without_an_account_is_named():
    programme = make.programme(state=State.DRAFT, planned_start=timezone.now() + timedelta(days=7))
    seat_everybody(programme)
    make.guest(programme, name="何清")
    assert [warning.detail for warning in schedule.warnings(programme)] == ["嘉宾还没有账号：何清。由速录员代录也可以。"]


@pytest.mark.parametrize(("days", "warned"), [(2, ["short_lead"]), (3, [])])
def test_less_than_three_days_ahead_is_short(days, warned):
    programme = make.programme(state=State.DRAFT, planned_start=timezone.now() + timedelta(days=days, minutes=1))
    seat_everybody(programme)
    assert codes(programme) == warned


def test_an_announced_programme_that_is_late_may_still_open():
    programme = make.programme(state=State.ANNOUNCED, planned_start=timezone.now() - timedelta(minutes=20))
    seat_everybody(programme)
    assert [(warning.code, warning.forbids) for warning in schedule.warnings(programme)] == [("past", False)]


def test_announced_it_is_public_and_takes_questions():
    programme = make.programme(state=State.DRAFT)
    announced = schedule.announce(programme=programme, by=make.editor())
    assert (announced.state, announced.is_public, announced.takes_questions) == (State.ANNOUNCED, True, True)
    assert make.kinds(f"stage:{programme.pk}") == ["programme.changed"]


def test_a_start_in_the_past_cannot_be_announced():
    programme = make.programme(state=State.DRAFT, planned_start=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused) as refusal:
        schedule.announce(programme=programme, by=make.editor())
    assert (refusal.value.code, refusal.value.detail) == ("invalid", "不能预告：计划开始时间已经过去。")
    assert fresh(programme).state == State.DRAFT


def test_a_changed_plan_reaches_the_public_once_it_is_announced():
    editor, draft, announced = make.editor(), make.programme(state=State.DRAFT), make.programme(state=State.ANNOUNCED)
    for programme in (draft, announced):
        schedule.plan(programme=programme, by=editor, title="新的标题")
    assert [fresh(programme).title for programme in (draft, announced)] == ["新的标题"] * 2
    assert [make.kinds(f"stage:{programme.pk}") for programme in (draft, announced)] == [[], ["programme.changed"]]


@pytest.mark.parametrize("state", [State.ENDED, State.ARCHIVED, State.CANCELLED])
def test_what_is_over_is_not_planned_anew(state):
    programme = make.programme(state=state)
    with pytest.raises(Refused) as refusal:
        schedule.plan(programme=programme, by=make.editor(), title="新的标题")
    assert (refusal.value.code, fresh(programme).title) == ("closed", programme.title)


# ── Put off, called off ─────────────────────────────────────────────────────────────────────────────────────────────


def test_postponed_it_tells_why_keeps_its_questions_and_takes_no_more():
    programme, later = make.programme(), timezone.now() + timedelta(days=20)
    question = make.approved(programme)
    moved = schedule.postpone(programme=programme, notice="嘉宾有防汛任务。", planned_start=later, by=make.editor())
    assert (moved.state, moved.notice, moved.planned_start, moved.takes_questions) == (State.POSTPONED, "嘉宾有防汛任务。", later, False)
    assert said(programme) == ["嘉宾有防汛任务。"]
    question.refresh_from_db()
    assert question.state == QuestionState.APPROVED


def test_without_a_new_time_the_old_one_stands_until_it_is_set():
    programme = make.programme()
    assert schedule.postpone(programme=programme, notice="延期。", by=make.editor()).planned_start == programme.planned_start


def test_a_new_time_in_the_past_is_told_at_its_field_and_changes_nothing():
    programme, before = make.programme(), timezone.now() - timedelta(minutes=1)
    with pytest.raises(Refused) as refusal:
        schedule.postpone(programme=programme, notice="延期。", planned_start=before, by=make.editor())
    assert (refusal.value.code, refusal.value.fields) == ("invalid", {"planned_start": ["请写将来的时间，还没有定可以不填。"]})
    assert (fresh(programme).state, fresh(programme).planned_start, said(programme)) == (State.ANNOUNCED, programme.planned_start, [])


def test_announced_anew_it_has_no_old_notice():
    editor, programme = make.editor(), make.programme()
    schedule.postpone(programme=programme, notice="延期。", by=editor)
    again = schedule.announce(programme=programme, by=editor)
    assert (again.state, again.notice) == (State.ANNOUNCED, "")


@pytest.mark.parametrize("verb", [schedule.postpone, schedule.cancel])
@pytest.mark.parametrize("notice", ["", " \u200b\n", "长" * 1001])
def test_the_public_is_told_in_words_that_fit(verb, notice):
    programme = make.programme()
    with pytest.raises(Refused) as refusal:
        verb(programme=programme, notice=notice, by=make.editor())
    assert (refusal.value.code, list(refusal.value.fields)) == ("invalid", ["notice"])
    assert (fresh(programme).state, said(programme)) == (State.ANNOUNCED, [])


def test_cancelled_nothing_is_deleted():
    programme = make.programme()
    make.approved(programme)
    moved = schedule.cancel(programme=programme, notice="本期取消。", by=make.editor())
    assert (moved.state, said(programme), programme.questions.count()) == (State.CANCELLED, ["本期取消。"], 1)


# ── On air ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_host_opens_and_everybody_is_told():
    programme = make.programme()
    opened = schedule.open(programme=programme, by=make.seated(programme, "host"))
    assert (opened.state, opened.opened_at is not None, said(programme)) == (State.LIVE, True, ["访谈开始。"])
    assert make.kinds(f"stage:{programme.pk}") == ["programme.changed", "entry.published"]


def test_an_extension_moves_the_end_and_stands_in_the_transcript():
    programme = make.programme(state=State.LIVE)
    host = make.seated(programme, "host")
    extended = schedule.extend(programme=programme, minutes=15, by=host)
    assert (extended.planned_minutes, said(programme)) == (75, ["访谈延长15分钟。"])
    assert extended.planned_end - programme.planned_end == timedelta(minutes=15)


@pytest.mark.parametrize("minutes", [0, -5, 61])
def test_two_hours_are_the_most(minutes):
    programme = make.programme(state=State.LIVE)
    with pytest.raises(Refused) as refusal:
        schedule.extend(programme=programme, minutes=minutes, by=make.seated(programme, "host"))
    assert (refusal.value.code, refusal.value.detail) == ("invalid", "一期访谈最长120分钟，现在计划60分钟。")
    assert fresh(programme).planned_minutes == 60


def test_only_what_is_on_air_is_extended():
    programme = make.programme()
    with pytest.raises(Refused) as refusal:
        schedule.extend(programme=programme, minutes=5, by=make.seated(programme, "host"))
    assert refusal.value.code == "closed"


def test_the_close_owes_what_was_approved_and_deletes_nothing():
    programme = make.programme(state=State.LIVE)
    host, guest = make.seated(programme, "host"), make.guest(programme)
    received, approved, put = make.question(programme), make.approved(programme), make.approved(programme)
    questions.put(question=put, guest=guest, by=host)
    closed = schedule.close(programme=programme, by=host)
    assert (closed.state, closed.closed_at is not None) == (State.ENDED, True)
    assert said(programme) == ["访谈结束。还有2个提问没有来得及回答，将在5个工作日内书面答复。"]
    states = {question.pk: question.state for question in programme.questions.all()}
    assert states == {received.pk: QuestionState.RECEIVED, approved.pk: QuestionState.OWED, put.pk: QuestionState.OWED}


def test_a_close_with_nothing_left_says_so():
    programme = make.programme(state=State.LIVE)
    schedule.close(programme=programme, by=make.seated(programme, "host"))
    assert said(programme) == ["访谈结束。所有通过的提问都已答复。"]


@pytest.mark.parametrize(("ago", "left"), [(0, 59), (59, 0), (61, -1), (90, -30)])
def test_minutes_left_are_counted_from_the_opening_and_negative_when_over(ago, left):
    # A second more than the whole minutes, so that the test does not stand on an edge.
    opened = timezone.now() - timedelta(minutes=ago, seconds=1 if left >= 0 else -1)
    assert schedule.minutes_left(make.programme(state=State.LIVE, opened_at=opened)) == left


def test_archived_twice_it_stays_archived():
    editor, programme = make.editor(), make.programme(state=State.ENDED)
    first = schedule.archive(programme=programme, by=editor)
    assert schedule.archive(programme=programme, by=editor).archived_at == first.archived_at


# ── Who, and from where ─────────────────────────────────────────────────────────────────────────────────────────────

VERBS = {
    State.ANNOUNCED: lambda programme, by: schedule.announce(programme=programme, by=by),
    State.POSTPONED: lambda programme, by: schedule.postpone(programme=programme, notice="延期。", by=by),
    State.CANCELLED: lambda programme, by: schedule.cancel(programme=programme, notice="取消。", by=by),
    State.LIVE: lambda programme, by: schedule.open(programme=programme, by=by),
    State.ENDED: lambda programme, by: schedule.close(programme=programme, by=by),
    State.ARCHIVED: lambda programme, by: schedule.archive(programme=programme, by=by),
}


@pytest.mark.parametrize("target", sorted(VERBS))
@pytest.mark.parametrize("source", sorted(State))
def test_a_verb_moves_only_from_the_states_of_the_graph(source, target):
    programme, editor = make.programme(state=source, planned_start=timezone.now() + timedelta(days=1)), make.editor()
    if target in PROGRAMME_MOVES[source] or (source == target == State.ARCHIVED):
        assert VERBS[target](programme, editor).state == target
        return
    with pytest.raises(Refused) as refusal:
        VERBS[target](programme, editor)
    assert (refusal.value.code, fresh(programme).state) == ("conflict", source)
    assert said(programme) == []


@pytest.mark.parametrize("target", sorted(VERBS))
def test_who_has_no_right_moves_nothing(target):
    source = next(state for state in sorted(State) if target in PROGRAMME_MOVES[state])
    programme = make.programme(state=source, planned_start=timezone.now() + timedelta(days=1))
    hosts = {State.LIVE, State.ENDED}
    for role in {"host", "moderator", "stenographer"} - ({"host"} if target in hosts else set()):
        with pytest.raises(Refused) as refusal:
            VERBS[target](programme, make.seated(programme, role))
        assert refusal.value.code == "forbidden"
    assert fresh(programme).state == source


def test_only_editors_plan():
    programme = make.programme()
    host = make.seated(programme, "host")
    for verb in (lambda: schedule.create(by=host, title="谈供水"), lambda: schedule.plan(programme=programme, by=host, title="谈供水")):
        with pytest.raises(Refused) as refusal:
            verb()
        assert refusal.value.code == "forbidden"
    assert [row.title for row in Programme.objects.all()] == [programme.title]
