"""Blocks: who is refused, who may lay and lift them, the one appeal, and what is recorded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.callers import Caller
from interview.models import Question
from interview.states import ProgrammeState
from moderation import blocks, intake
from moderation.models import Block, Record
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(programme):
    return make.question(programme, visitor="li", address="192.0.2.7")


def lay(question, by, **words):
    return blocks.block(question=question, by=by, **({"scope": "visitor", "everywhere": False, "days": 7, "reason": "反复刷广告"} | words))


def caller(visitor="li", address="192.0.2.7"):
    return Caller(user=None, visitor=visitor, address=address)


def ask(programme, who, token=None):
    return intake.receive(programme=programme, caller=who, nickname="", text="水压何时恢复？", token=token or uuid4())


def is_refused(programme, who):
    try:
        blocks.refuse_if_blocked(programme=programme, caller=who)
    except Refused as refusal:
        return refusal.code
    return None


def refusal(verb, **words):
    before = list(Block.objects.values_list("pk", "lifted_at", "appeal_words")), Record.objects.count()
    with pytest.raises(Refused) as caught:
        verb(**words)
    assert (list(Block.objects.values_list("pk", "lifted_at", "appeal_words")), Record.objects.count()) == before
    return caught.value.code


def steps():
    return [(row.action, row.by, row.words, row.data) for row in Record.objects.order_by("number")]


def test_the_refused_asker_reads_reason_end_and_where_to_appeal(programme, question, chen):
    row = lay(question, chen)
    Block.objects.update(until=datetime(2100, 8, 6, 6, 0, tzinfo=UTC))
    with pytest.raises(Refused) as caught:
        ask(programme, caller())
    address = f"/blocks/{row.appeal_token}/"
    assert (caught.value.code, caught.value.detail, caught.value.fields, Question.objects.count()) == (
        "blocked", f"您在2100年8月6日 14:00以前不能提问，原因：反复刷广告。认为不对，可以申诉一次：{address}", {"appeal": [address]}, 1,
    )  # fmt: skip


def test_what_was_received_before_keeps_its_receipt(programme, chen):
    token = uuid4()
    first = ask(programme, caller(), token)
    lay(first.question, chen)
    assert ask(programme, caller(), token).question == first.question


def test_a_visitor_is_blocked_and_nobody_else(programme, question, chen):
    lay(question, chen)
    assert [is_refused(programme, caller(visitor)) for visitor in ("li", "wang", None)] == ["blocked", None, None]


@pytest.mark.parametrize(
    ("asked_from", "inside", "outside"),
    [
        ("192.0.2.7", ["192.0.2.7", "192.0.2.255", "::ffff:192.0.2.1"], ["192.0.3.1", "0.0.0.0", "2001:db8::1"]),
        ("2001:db8:1:2::3", ["2001:db8:1:2::3", "2001:db8:1:2:ffff::1"], ["2001:db8:1:3::3", "192.0.2.7"]),
    ],
)
def test_a_range_is_blocked_and_no_other(programme, chen, asked_from, inside, outside):
    lay(make.question(programme, address=asked_from), chen, scope="network")
    assert [is_refused(programme, caller("new", address)) for address in inside] == ["blocked"] * len(inside)
    assert [is_refused(programme, caller("new", address)) for address in outside] == [None] * len(outside)


def test_in_a_rehearsal_a_range_is_everybody_and_not_blocked(programme, question, chen):
    lay(question, chen, scope="network")
    programme.rehearsal = True
    assert is_refused(programme, caller("new")) is None


def test_it_holds_on_its_programme_and_by_an_editor_on_all(programme, question, chen):
    other = make.programme(state=ProgrammeState.LIVE)
    lay(question, chen)
    assert (is_refused(programme, caller()), is_refused(other, caller())) == ("blocked", None)
    lay(question, make.editor(), everywhere=True, days=0)
    assert is_refused(other, caller()) == "blocked"


def test_it_ends_with_its_time(programme, question, chen):
    lay(question, chen)
    Block.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert is_refused(programme, caller()) is None
    lay(question, chen)


def test_for_good_is_until_it_is_lifted(programme, question, chen):
    row = lay(question, chen, days=0)
    assert (row.until, blocks.until(row)) == (None, "一直")
    blocks.settle(block=row, lift=True, by=chen)
    assert is_refused(programme, caller()) is None


def test_every_step_is_recorded_without_a_word_of_the_asker(question, chen):
    row = lay(question, chen)
    blocks.appeal(token=row.appeal_token, words="我没有刷广告。")
    blocks.settle(block=row, lift=False, by=chen)
    blocks.settle(block=row, lift=True, by=chen)
    key = str(row.pk)
    assert steps() == [
        ("block", chen, "反复刷广告", {"block": key, "scope": "visitor", "days": 7, "question": str(question.pk)}),
        ("block_appeal", None, "", {"block": key}),
        ("block_appeal", chen, "", {"block": key, "kept": True, "appeal": True}),
        ("unblock", chen, "", {"block": key, "kept": False, "appeal": False}),
    ]
    assert set(Record.objects.values_list("programme", flat=True)) == {question.programme_id}


def test_a_block_of_all_stands_in_the_record_of_the_site(question):
    lay(question, make.editor(), everywhere=True)
    assert list(Record.objects.values_list("chain", "programme")) == [("site", None)]


def test_a_moderator_reaches_their_programme_and_an_editor_all(programme, question, chen):
    stranger = make.seated(make.programme(), "moderator")
    assert refusal(lay, question=question, by=stranger) == "forbidden"
    assert refusal(lay, question=question, by=make.seated(programme, "host")) == "forbidden"
    assert refusal(lay, question=question, by=chen, everywhere=True) == "forbidden"
    own, everywhere = lay(question, chen), lay(question, make.editor(), everywhere=True)
    assert refusal(blocks.settle, block=own, lift=True, by=stranger) == "forbidden"
    assert refusal(blocks.settle, block=everywhere, lift=True, by=chen) == "forbidden"
    assert [blocks.may_settle(chen, row) for row in (own, everywhere)] == [True, False]


@pytest.mark.parametrize(
    ("field", "value"), [("scope", "all"), ("days", 5), ("days", -1), ("reason", ""), ("reason", " \u200b"), ("reason", "字" * 301)]
)
def test_what_is_missing_or_wrong_is_told_by_field(question, chen, field, value):
    with pytest.raises(Refused) as caught:
        lay(question, chen, **{field: value})
    assert (caught.value.code, list(caught.value.fields), Block.objects.count()) == ("invalid", [field], 0)


def test_a_question_without_an_address_has_no_range(programme, chen):
    with pytest.raises(Refused) as caught:
        lay(make.question(programme, address=None), chen, scope="network")
    assert list(caught.value.fields) == ["scope"]


def test_whoever_is_blocked_is_not_blocked_twice(question, chen):
    lay(question, chen)
    assert refusal(lay, question=question, by=make.editor()) == "conflict"
    lay(question, chen, scope="network")


def test_one_appeal_and_no_second(question, chen):
    row = lay(question, chen)
    for _again in range(2):
        blocks.appeal(token=row.appeal_token, words="我没有刷广告。")
    assert Record.objects.filter(action="block_appeal").count() == 1
    assert refusal(blocks.appeal, token=row.appeal_token, words="真的没有。") == "conflict"
    for words in ("", "字" * 301):
        assert refusal(blocks.appeal, token=row.appeal_token, words=words) == "invalid"


def test_what_is_over_needs_no_appeal(question, chen):
    row = lay(question, chen)
    assert refusal(blocks.settle, block=row, lift=False, by=chen) == "conflict"
    blocks.settle(block=row, lift=True, by=chen)
    assert refusal(blocks.settle, block=row, lift=True, by=chen) == "conflict"
    assert refusal(blocks.appeal, token=row.appeal_token, words="我没有。") == "closed"
    with pytest.raises(Block.DoesNotExist):
        blocks.appeal(token="x" * 27, words="我没有。")


def test_lifting_settles_the_appeal(question, chen):
    row = lay(question, chen)
    blocks.appeal(token=row.appeal_token, words="我没有刷广告。")
    lifted = blocks.settle(block=row, lift=True, by=chen)
    assert (lifted.lifted_by, lifted.appeal_settled_at == lifted.lifted_at) == (chen, True)


def test_appeals_that_wait_stand_first(programme, chen):
    first, second, third = (lay(make.question(programme, visitor=visitor), chen) for visitor in ("a", "b", "c"))
    blocks.appeal(token=first.appeal_token, words="我没有。")
    other = lay(make.question(make.programme()), make.editor())
    assert (list(blocks.listed(programme)), other in blocks.listed(programme)) == ([first, third, second], False)


def test_asking_costs_one_statement_however_many_are_blocked(programme, chen, django_assert_num_queries):
    for number in range(20):
        lay(make.question(programme, visitor=f"visitor-{number}"), chen)
    with django_assert_num_queries(1):
        is_refused(programme, caller())


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_blocks():
    programme = make.programme(state=ProgrammeState.LIVE)
    question, barrier = make.question(programme), Barrier(4)
    moderators = [make.seated(programme, "moderator") for _each in range(4)]

    def press(by):
        barrier.wait(timeout=120)
        try:
            lay(question, by)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(press, moderators))
    assert (results, Block.objects.count(), Record.objects.count()) == (["conflict"] * 3 + ["done"], 1, 1)
