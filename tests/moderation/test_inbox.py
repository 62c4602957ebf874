"""What moderators see: the same on a page loaded before with the frames since, and on a page loaded now."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.callers import Caller
from moderation import appeals, decisions, edits, holds, inbox, intake, leases, merging, queue, reports, throttle, wordings
from moderation.models import Lease
from moderation.vocabulary import look
from realtime.models import Event
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
COUNTS = tuple(f"@id='count-{show}'" for show in queue.KEEPS)
_number = count(1)
FED = ("@data-list-of='inbox'", "@data-list-of='decided'", "@id='inbox-load'", "@id='inbox-oldest'", "@id='inbox-team'", *COUNTS)


def test_waiting_are_the_received_the_oldest_first(programme, chen):
    first, second, third = (make.question(programme) for _question in range(3))
    decisions.approve(question=second, by=chen)
    assert list(inbox.waiting(programme)) == [first, third]


def test_the_load_is_how_many_are_in_each_view_and_since_when_the_oldest_that_nobody_put_aside(programme, chen):
    nothing = {"open": 0, "screened": 0, "held": 0, "escalated": 0, "asked_back": 0, "appealed": 0, "noticed": 0, "reported": 0, "all": 0}
    assert inbox.load(programme) == inbox.Load(nothing, None)
    first, second, _third = (make.question(programme) for _question in range(3))
    assert inbox.load(programme) == inbox.Load(nothing | {"open": 3, "all": 3}, first.received_at)
    holds.hold(question=first, by=chen)
    held = inbox.load(programme)
    assert held == inbox.Load(nothing | {"open": 2, "held": 1, "all": 3}, second.received_at)
    assert (held.waiting, held.open) == (3, 2)


def test_the_load_counts_what_screening_noticed_in_the_wording_that_is_shown(programme, chen):
    question = make.question(programme)
    wordings.add(question=question, text="加我微信", by=None, findings=look("加我微信 water_help88").findings)
    assert inbox.load(programme).counts["noticed"] == 1
    wordings.add(question=question, text="水压什么时候恢复？", by=chen)
    assert inbox.load(programme).counts["noticed"] == 0


def test_the_team_is_who_moderates_with_what_each_holds_and_decided_just_now(programme, chen):
    lin, editor = make.seated(programme, "moderator", user=make.user(name="林审核")), make.editor(name="何编辑")
    assert inbox.team(programme) == [inbox.Member(lin, 0, 0), inbox.Member(chen, 0, 0)]
    questions = [make.question(programme) for _question in range(5)]
    leases.take(question=questions[0], by=chen)
    decisions.approve(question=questions[1], by=chen)
    decisions.take_back(question=questions[1], by=chen)
    decisions.decline(question=questions[2], reason="legal", by=editor)
    assert {member.user.name: (member.holds, member.decided) for member in inbox.team(programme)} == {
        "陈审核": (1, 1), "林审核": (0, 0), "何编辑": (0, 1),
    }  # fmt: skip


def test_a_lease_that_ran_out_is_held_by_nobody(programme, chen):
    leases.take(question=make.question(programme), by=chen)
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert inbox.team(programme) == [inbox.Member(chen, 0, 0)]


def test_the_position_is_the_head_of_the_inbox(programme, chen):
    assert inbox.position(programme).number == 0
    leases.take(question=make.question(programme), by=chen)
    assert inbox.position(programme).number == 1


def test_every_frame_is_in_the_language_of_the_site(programme, chen):
    with translation.override("en"):
        leases.take(question=make.question(programme), by=chen)
    assert "陈审核正在审核" in make.events(f"inbox:{programme.pk}")[0].html


def test_no_frame_tells_who_asked_but_by_nickname(programme, chen):
    secrets = {"visitor": "secret-visitor", "address": "203.0.113.9"}
    for action in (decisions.approve, leases.take):
        action(question=make.question(programme, **secrets), by=chen)
    question = make.question(programme, **secrets)
    inbox.arrive(question)
    decisions.decline(question=question, reason="legal", by=chen)
    rows = [f"{event.html}{event.data}" for event in Event.objects.filter(topic__name=f"inbox:{programme.pk}")]
    private = ["secret-visitor", "203.0.113.9", str(question.client_token), question.receipt_token]
    assert [secret for secret in private for row in rows if secret in row] == []


@pytest.mark.parametrize(
    "path", ["approve", "decline", "take", "release", "take back", "decide again", "withdraw", "withdraw approved", "arrive"]
)
def test_a_page_and_the_frames_since_are_the_page_loaded_now(client, programme, chen, path):
    lin = make.seated(programme, "moderator", user=make.user(name="林审核"))
    other, question, last = (make.question(programme, nickname=name, text=f"<b>{name}</b>\n\n第二段") for name in ("甲", "", "丙"))
    decisions.approve(question=other, by=lin)
    client.force_login(chen)
    address = reverse("inbox", args=[programme.pk])
    page = pages.parse(client.get(address).content.decode())
    seen = len(make.events(f"inbox:{programme.pk}"))
    steps = {
        "approve": [lambda: decisions.approve(question=question, by=chen)],
        "decline": [lambda: decisions.decline(question=question, reason="unclear", words="请写清<i>哪里</i>。", by=chen)],
        "take": [lambda: leases.take(question=question, by=lin)],
        "release": [lambda: leases.take(question=question, by=lin), lambda: leases.release(question=question, by=lin)],
        "take back": [lambda: decisions.take_back(question=other, by=chen)],
        "decide again": [
            lambda: decisions.take_back(question=other, by=chen),
            lambda: decisions.decline(question=other, reason="advert", by=chen),
            lambda: decisions.approve(question=last, by=chen),
        ],
        "withdraw": [lambda: intake.withdraw(token=question.receipt_token)],
        "withdraw approved": [lambda: intake.withdraw(token=other.receipt_token)],
        "arrive": [lambda: inbox.arrive(make.question(programme, nickname="丁"))],
    }
    for step in steps[path]:
        step()
    for event in make.events(f"inbox:{programme.pk}")[seen:]:
        pages.apply(page, event.html)
    assert pages.shown(page, *FED) == pages.shown(pages.parse(client.get(address).content.decode()), *FED)


@pytest.mark.parametrize("path", ["report", "report again", "keep", "take back", "decline", "withdraw"])
def test_what_readers_reported_comes_and_goes_on_every_page(client, programme, chen, path):
    shown, other = (decisions.approve(question=make.question(programme), by=chen) for _question in range(2))
    first, second = (Caller(user=None, visitor=f"visitor-{name}", address="192.0.2.1") for name in ("li", "wang"))
    reports.report(question=shown, caller=first, reason="advert", words="<b>广告</b>")
    client.force_login(chen)
    address = reverse("inbox", args=[programme.pk]) + "?show=reported"
    page = pages.parse(client.get(address).content.decode())
    seen = len(make.events(f"inbox:{programme.pk}"))
    throttle.forget()
    steps = {
        "report": [lambda: reports.report(question=other, caller=first, reason="other", words="")],
        "report again": [lambda: reports.report(question=shown, caller=second, reason="untrue", words="")],
        "keep": [lambda: reports.settle(question=shown, take_back=False, by=chen)],
        "take back": [
            lambda: reports.report(question=other, caller=first, reason="other", words=""),
            lambda: decisions.take_back(question=shown, by=chen),
        ],
        "decline": [
            lambda: decisions.take_back(question=shown, by=chen),
            lambda: decisions.decline(question=shown, reason="advert", by=chen),
        ],
        "withdraw": [lambda: intake.withdraw(token=shown.receipt_token)],
    }
    for step in steps[path]:
        step()
    for event in make.events(f"inbox:{programme.pk}")[seen:]:
        pages.apply(page, event.html)
    assert pages.shown(page, *FED) == pages.shown(pages.parse(client.get(address).content.decode()), *FED)


ALIKE = "我们小区的水压什么时候恢复？"


@pytest.mark.parametrize(
    "path",
    [
        "arrive",
        "decide",
        "take back",
        "merge",
        "split",
        "edit out of it",
        "rewrite into it",
        "withdraw",
        "withdraw merged",
        "withdraw the first",
    ],
)
def test_who_asks_alike_is_told_on_every_page(client, programme, chen, path):
    lin = make.seated(programme, "moderator", user=make.user(name="林审核"))
    client.force_login(chen)
    first, second, third, other = (ask(programme, text) for text in (ALIKE, ALIKE, ALIKE, "菜市场门口的垃圾为什么三天没有人清运？"))
    merged = ask(programme, ALIKE)
    merging.merge(question=merged, into=second, by=lin)
    holds.ask_back(question=other, words="哪里？", by=chen)
    address = reverse("inbox", args=[programme.pk]) + "?show=all"
    page = pages.parse(client.get(address).content.decode())
    seen = len(make.events(f"inbox:{programme.pk}"))
    steps = {
        "arrive": lambda: ask(programme, ALIKE),
        "decide": lambda: decisions.approve(question=third, by=chen),
        "take back": lambda: decisions.take_back(question=decisions.approve(question=third, by=chen), by=chen),
        "merge": lambda: merging.merge(question=third, into=first, by=chen),
        "split": lambda: merging.split(question=merged, by=chen),
        "edit out of it": lambda: edits.edit(question=short, text="停电", seen=1, by=chen),
        "rewrite into it": lambda: appeals.rewrite(token=other.receipt_token, text=ALIKE, caller=somebody()),
        "withdraw": lambda: intake.withdraw(token=third.receipt_token),
        "withdraw merged": lambda: intake.withdraw(token=merged.receipt_token),
        "withdraw the first": lambda: intake.withdraw(token=first.receipt_token),
    }
    if path == "edit out of it":
        _twin, short = ask(programme, "停水"), ask(programme, "停水")
        page = pages.parse(client.get(address).content.decode())
        seen = len(make.events(f"inbox:{programme.pk}"))
    throttle.forget()
    steps[path]()
    for event in make.events(f"inbox:{programme.pk}")[seen:]:
        pages.apply(page, event.html)
    assert pages.shown(page, *FED) == pages.shown(pages.parse(client.get(address).content.decode()), *FED)


def test_a_group_that_was_left_is_told_of_and_of_a_group_of_one_nothing_is_said(programme, chen):
    twin, short = ask(programme, "停水"), ask(programme, "停水")
    edits.edit(question=short, text="停电", seen=1, by=chen)
    left = [event for event in make.events(f"inbox:{programme.pk}") if event.kind == "group.changed"]
    assert [(event.data, event.html.strip()) for event in left] == [({"group": str(twin.pk)}, f'<span id="alike-{twin.pk}" hidden></span>')]
    intake.withdraw(token=short.receipt_token)
    assert len([event for event in make.events(f"inbox:{programme.pk}") if event.kind == "group.changed"]) == 1


def somebody():
    number = next(_number) % 250
    return Caller(user=None, visitor=f"visitor-{number}", address=f"192.0.2.{number}")


def ask(programme, text):
    return intake.receive(programme=programme, caller=somebody(), nickname="", text=text, token=uuid4()).question
