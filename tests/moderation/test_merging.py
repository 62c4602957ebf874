"""Merge and split: one stands for all, nobody is counted twice, every asker is told; crossing merges leave no chain."""

import pytest

from interview import answers, questions, support
from interview.models import Question
from interview.states import SHOWN, UNDECIDED
from moderation import decisions, intake, leases, merging, verification
from moderation.models import Appeal, Hold, Lease, Record
from tests import scenes as make
from tests.moderation.conftest import race, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(programme):
    return make.question(programme)


@pytest.fixture
def second(programme):
    return make.question(programme)


def fresh(question):
    return Question.objects.get(pk=question.pk)


def stands(question):
    row = fresh(question)
    return row.state, row.merged_into_id


def steps():
    return list(Record.objects.order_by("number").values_list("action", "question__label", "by__name", "data"))


def last_receipt(question):
    return make.events(f"receipt:{question.receipt_token}")[-1]


def test_a_merged_question_is_recorded_gone_from_the_inbox_and_told_to_its_asker(programme, first, second, chen):
    merged = merging.merge(question=second, into=first, by=chen)
    assert (merged.state, merged.merged_into) == ("merged", first)
    assert steps() == [("merge", second.label, "陈审核", {"into": str(first.pk), "moved": []})]
    event = next(event for event in make.events(f"inbox:{programme.pk}") if event.data["question"] == second.label)
    assert event.data == {
        "id": str(second.pk),
        "question": second.label,
        "state": "merged",
        "action": "merge",
        "reason": "",
        "by": "陈审核",
    }
    assert f'<li id="inbox-{second.pk}" data-gone></li>' in event.html
    assert last_receipt(second).data == {"question": second.label, "state": "merged", "reason": "", "words": ""}
    assert first.label in last_receipt(second).html


def test_its_asker_gets_the_answer(programme, first, second, chen):
    merging.merge(question=second, into=first, by=chen)
    answers.answer(
        question=decisions.approve(question=first, by=chen), guest=make.guest(programme), text="好。", by=make.seated(programme, "host")
    )
    entry = programme.entries.get(kind="answer")
    assert f"{programme.get_absolute_url()}#{entry.anchor}" in last_receipt(second).html


def test_its_asker_is_told_whatever_becomes_of_the_target(first, second, chen):
    merging.merge(question=second, into=first, by=chen)
    decisions.decline(question=first, reason="off_topic", words="只给第一位的话。", by=chen)
    html = last_receipt(second).html
    assert "未采用" in html
    assert "与本期主题无关" in html
    assert "只给第一位的话" not in html
    decisions.take_back(question=first, by=chen)
    assert "已收到" in last_receipt(second).html
    assert stands(second) == ("merged", first.pk)


@pytest.mark.parametrize("state", ["received", "screened", "approved", "owed"])
def test_from_every_state_before_the_answer_it_is_merged(programme, first, chen, state):
    question = make.question(programme, state=state)
    assert merging.merge(question=question, into=first, by=chen).state == "merged"


@pytest.mark.parametrize("state", ["declined", "withdrawn", "answered"])
def test_what_is_decided_otherwise_is_not_merged(programme, first, chen, state):
    question = make.question(programme, state=state)
    assert refused(merging.merge, question=question, into=first, by=chen).code == "conflict"


@pytest.mark.parametrize("state", sorted(UNDECIDED | SHOWN))
def test_into_what_waits_or_is_shown(programme, second, chen, state):
    target = make.question(programme, state=state)
    assert merging.merge(question=second, into=target, by=chen).merged_into == target


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_into_nothing_that_has_no_answer_to_come(programme, second, chen, state):
    assert refused(merging.merge, question=second, into=make.question(programme, state=state), by=chen).code == "conflict"


def test_a_shown_question_leaves_the_pages_when_it_is_merged(programme, first, chen):
    shown = make.approved(programme, text="只有这一条才这样写。")
    merging.merge(question=shown, into=first, by=chen)
    assert [event.html for event in make.events(f"stage:{programme.pk}") if "只有这一条" in event.html] == []
    assert make.events(f"stage:{programme.pk}")[-1].data == {"question": shown.label, "state": "gone"}


def test_what_is_with_a_guest_is_not_merged_but_others_are_merged_into_it(programme, second, chen):
    put = make.approved(programme)
    questions.put(question=put, guest=make.guest(programme), by=make.seated(programme, "host"))
    assert refused(merging.merge, question=put, into=second, by=chen).code == "conflict"
    assert merging.merge(question=second, into=put, by=chen).merged_into == put


def test_nothing_is_merged_into_itself_or_into_another_programme(first, chen):
    assert refused(merging.merge, question=first, into=first, by=chen).code == "invalid"
    assert refused(merging.merge, question=first, into=make.question(make.programme()), by=chen).code == "invalid"


def test_into_a_merged_one_means_into_its_target(programme, first, second, chen):
    third = make.question(programme)
    merging.merge(question=second, into=first, by=chen)
    assert merging.merge(question=third, into=second, by=chen).merged_into == first
    assert refused(merging.merge, question=first, into=second, by=chen).code == "invalid"


def test_split_again_it_takes_along_what_had_come_along_and_was_not_split_since(programme, first, second, chen):
    third, fourth, target = (make.question(programme) for _question in range(3))
    for question in (second, third, fourth):
        merging.merge(question=question, into=first, by=chen)
    merging.merge(question=first, into=target, by=chen)
    own = make.question(programme)
    merging.merge(question=own, into=target, by=chen)
    merging.split(question=fourth, by=chen)
    merging.split(question=first, by=chen)
    assert [stands(each) for each in (first, second, third, fourth, own)] == [
        ("received", None), ("merged", first.pk), ("merged", first.pk), ("received", None), ("merged", target.pk),
    ]  # fmt: skip
    assert steps()[-1] == ("split", first.label, "陈审核", {"from": str(target.pk), "moved": [str(second.pk), str(third.pk)]})
    assert (Question.objects.get(pk=first.pk).supports, Question.objects.get(pk=target.pk).supports) == (2, 1)
    assert f"与{first.label}合并" in last_receipt(second).html


def test_what_was_merged_into_it_goes_along_and_its_askers_are_told(programme, first, second, chen):
    third = make.question(programme)
    merging.merge(question=second, into=first, by=chen)
    merging.merge(question=first, into=third, by=chen)
    assert (stands(first), stands(second)) == (("merged", third.pk), ("merged", third.pk))
    assert third.label in last_receipt(second).html
    assert steps()[-1] == ("merge", first.label, "陈审核", {"into": str(third.pk), "moved": [str(second.pk)]})


def test_split_it_waits_again_in_every_inbox_and_its_asker_is_told(programme, first, second, chen, lin):
    merging.merge(question=second, into=first, by=chen)
    split = merging.split(question=second, by=lin)
    assert (split.state, split.merged_into) == ("received", None)
    assert steps()[-1] == ("split", second.label, "林审核", {"from": str(first.pk), "moved": []})
    event = next(event for event in reversed(make.events(f"inbox:{programme.pk}")) if event.data["question"] == second.label)
    assert second.text in event.html
    assert last_receipt(second).data["state"] == "received"


@pytest.mark.parametrize("state", sorted(UNDECIDED | SHOWN | {"declined"}))
def test_what_is_not_merged_is_not_split(programme, chen, state):
    assert refused(merging.split, question=make.question(programme, state=state), by=chen).code == "conflict"


def test_only_moderators_of_the_programme_merge_and_split(programme, first, second, chen):
    stranger = make.seated(make.programme(), "moderator")
    assert refused(merging.merge, question=second, into=first, by=stranger).code == "forbidden"
    merging.merge(question=second, into=first, by=chen)
    assert refused(merging.split, question=second, by=stranger).code == "forbidden"


def test_what_somebody_else_reads_is_not_merged(first, second, chen, lin):
    leases.take(question=second, by=lin)
    assert refused(merging.merge, question=second, into=first, by=chen).code == "conflict"
    merging.merge(question=second, into=first, by=lin)
    assert Lease.objects.count() == 0


def test_other_words_than_were_read_are_not_merged(first, second, chen):
    assert refused(merging.merge, question=second, into=first, by=chen, seen=3).code == "conflict"


def test_merging_settles_hold_and_appeal_and_splitting_opens_the_appeal_again(first, second, chen, lin):
    Hold.objects.create(question=second, kind=Hold.Kind.HELD, by=None)
    Appeal.objects.create(question=second, kind=Appeal.Kind.APPEAL, words="请再看一次", against=chen)
    assert refused(merging.merge, question=second, into=first, by=chen).code == "conflict"
    merging.merge(question=second, into=first, by=lin)
    assert (Hold.objects.count(), Appeal.objects.get().settled_at is None) == (0, False)
    merging.split(question=second, by=lin)
    assert Appeal.objects.get().settled_at is None


def test_nobody_is_counted_twice(programme, chen):
    one, two = make.approved(programme, visitor="li"), make.approved(programme, visitor="wang")
    for visitor in ("zhao", "qian"):
        support.support(question=one, visitor=visitor, address=None)
    for visitor in ("zhao", "li", "sun"):
        support.support(question=two, visitor=visitor, address=None)
    merging.merge(question=two, into=one, by=chen)
    # zhao wants both, wang asked the other, li asked this one.
    assert fresh(one).supports == len({"zhao", "qian", "sun", "wang"})
    merging.split(question=two, by=chen)
    assert (fresh(one).supports, fresh(two).supports) == (2, 3)


def test_one_who_asked_twice_is_one_asker(programme, chen):
    rows = [make.question(programme, visitor="li") for _ in range(3)] + [make.question(programme, visitor="wang") for _ in range(2)]
    for row in rows[1:]:
        merging.merge(question=row, into=rows[0], by=chen)
    assert fresh(rows[0]).supports == 1


def test_a_withdrawn_target_lets_go_of_what_was_merged_into_it(first, second, chen):
    merging.merge(question=second, into=first, by=chen)
    intake.withdraw(token=first.receipt_token)
    assert (stands(first), stands(second)) == (("withdrawn", None), ("received", None))
    assert steps()[-1] == ("split", second.label, None, {"withdrawn": str(first.pk)})
    assert Record.objects.order_by("-number")[0].actor == "提问人"
    assert last_receipt(second).data["state"] == "received"


def test_a_merged_question_is_withdrawn_and_counts_no_more(first, second, chen):
    merging.merge(question=second, into=first, by=chen)
    assert fresh(first).supports == 1
    intake.withdraw(token=second.receipt_token)
    assert (stands(second), fresh(first).supports) == (("withdrawn", None), 0)


def test_an_answered_target_is_not_withdrawn_and_keeps_what_was_merged_into_it(programme, first, second, chen):
    merging.merge(question=second, into=first, by=chen)
    answers.answer(
        question=decisions.approve(question=first, by=chen), guest=make.guest(programme), text="好。", by=make.seated(programme, "host")
    )
    assert refused(intake.withdraw, token=first.receipt_token).code == "conflict"
    assert stands(second) == ("merged", first.pk)


def test_the_record_stays_whole(first, second, chen):
    merging.merge(question=second, into=first, by=chen)
    merging.split(question=second, by=chen)
    assert verification.verify().flaws == []


def whole():
    """No chain, none without its target, every step of the record counted."""
    for row in Question.objects.filter(state="merged").select_related("merged_into"):
        assert row.merged_into.merged_into_id is None
        assert row.merged_into.state in UNDECIDED | SHOWN | {"declined"}
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_two_merges_that_cross_one_is_told(programme, chen, lin, round_):
    one, two = make.question(programme), make.question(programme)
    outcome = race([lambda: merging.merge(question=one, into=two, by=chen), lambda: merging.merge(question=two, into=one, by=lin)])
    assert sorted(outcome) == ["invalid", "merged"]
    assert whole()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_ring_of_merges_leaves_no_chain(programme, round_):
    rows = [make.question(programme) for _ in range(3)]
    people = [make.seated(programme, "moderator") for _ in range(3)]
    race([lambda at=at: merging.merge(question=rows[at], into=rows[(at + 1) % 3], by=people[at]) for at in range(3)])
    assert whole()
    assert sorted(Question.objects.values_list("state", flat=True)) == ["merged", "merged", "received"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_a_merge_and_an_approval_of_the_same_question_one_or_both_hold(programme, chen, lin, round_):
    one, two = make.question(programme), make.question(programme)
    outcome = race([lambda: merging.merge(question=one, into=two, by=chen), lambda: decisions.approve(question=one, by=lin)])
    # Approved first it may still be merged; merged first it is not approved.
    assert outcome in (["merged", "approved"], ["merged", "conflict"])
    assert stands(one) == ("merged", two.pk)
    assert whole()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_merge_and_the_withdrawal_of_its_target_leave_nobody_behind(programme, chen, round_):
    one, two = make.question(programme), make.question(programme)
    outcome = race([lambda: merging.merge(question=one, into=two, by=chen), lambda: intake.withdraw(token=two.receipt_token)])
    assert outcome in (["merged", "withdrawn"], ["conflict", "withdrawn"])
    assert (stands(one), stands(two)) == (("received", None), ("withdrawn", None))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_merge_and_the_withdrawal_of_the_same_question_leave_it_withdrawn(programme, chen, round_):
    one, two = make.question(programme), make.question(programme)
    outcome = race([lambda: merging.merge(question=one, into=two, by=chen), lambda: intake.withdraw(token=one.receipt_token)])
    assert outcome in (["merged", "withdrawn"], ["conflict", "withdrawn"])
    assert (stands(one), fresh(two).supports) == (("withdrawn", None), 0)
