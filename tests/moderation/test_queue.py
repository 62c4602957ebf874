"""Which of the waiting are shown, in which order, from where on; the page and the fragments go by the same."""

from uuid import UUID

import pytest
from django.utils import timezone

from interview.states import QuestionState
from moderation import holds, inbox, indexing, leases, queue, wordings
from moderation.models import Appeal, Report
from moderation.queue import Choice, Order, Show
from moderation.vocabulary import look
from tests import scenes as make

pytestmark = pytest.mark.django_db
KEY = UUID("01890000-0000-7000-8000-000000000001")


def noticed(question, text):
    return wordings.add(question=question, text=text, by=None, findings=look(text).findings)


@pytest.fixture
def waiting(programme, chen, lin):
    """One of each kind, by its name."""
    made = {name: make.question(programme) for name in ("plain", "held", "escalated", "asked", "noticed", "appealed", "settled", "taken")}
    made["screened"] = make.question(programme, state=QuestionState.SCREENED)
    made["reported"] = make.question(programme)
    made["shown"] = make.question(programme, state=QuestionState.APPROVED)
    make.question(programme, state=QuestionState.APPROVED)
    for name in ("reported", "shown"):
        Report.objects.create(question=made[name], visitor="visitor-wang", reason="advert")
    holds.hold(question=made["held"], by=chen)
    holds.escalate(question=made["escalated"], by=chen)
    holds.ask_back(question=made["asked"], words="哪个小区？", by=chen)
    noticed(made["noticed"], "打我电话13812345678。")
    Appeal.objects.create(question=made["appealed"], kind=Appeal.Kind.APPEAL, against=lin)
    Appeal.objects.create(question=made["settled"], kind=Appeal.Kind.APPEAL, against=lin, settled_at=timezone.now())
    leases.take(question=made["taken"], by=chen)
    return made


def seen(programme, by, **choice):
    rows = inbox.reported(programme) if choice.get("show") == Show.REPORTED else inbox.waiting(programme)
    return list(Choice(**choice).narrow(rows, by=by))


VIEWS = {
    Show.OPEN: ["plain", "noticed", "appealed", "settled", "taken", "reported"],
    Show.SCREENED: ["screened"],
    Show.HELD: ["held"],
    Show.ESCALATED: ["escalated"],
    Show.ASKED_BACK: ["asked"],
    Show.APPEALED: ["appealed"],
    Show.NOTICED: ["noticed"],
    Show.REPORTED: ["reported", "shown"],
    Show.MINE: ["taken"],
    Show.ALL: ["plain", "held", "escalated", "asked", "noticed", "appealed", "settled", "taken", "screened", "reported"],
}


@pytest.mark.parametrize("show", Show)
def test_each_view_shows_its_own(programme, waiting, chen, show):
    names = {question.pk: name for name, question in waiting.items()}
    assert [names[question.pk] for question in seen(programme, chen, show=show)] == VIEWS[show]


@pytest.mark.parametrize("show", queue.KEEPS)
def test_a_fragment_says_by_its_flags_which_views_keep_it(programme, waiting, chen, show):
    rows = sorted({*inbox.waiting(programme), *inbox.reported(programme)}, key=lambda row: row.number)
    assert [row.pk for row in rows if show in queue.flags(row)] == [row.pk for row in seen(programme, chen, show=show)]


def test_what_another_holds_is_not_mine(programme, waiting, lin):
    assert seen(programme, lin, show=Show.MINE) == []


@pytest.fixture
def five(programme):
    rows = [make.question(programme, supports=supports) for supports in (0, 3, 0, 12, 3)]
    noticed(rows[2], "打我电话13812345678，或13912345678。")
    noticed(rows[4], "打我电话13812345678。")
    return rows


ORDERS = {Order.WAITING: [0, 1, 2, 3, 4], Order.NEWEST: [4, 3, 2, 1, 0], Order.SUPPORTS: [3, 1, 4, 0, 2], Order.NOTICED: [2, 4, 0, 1, 3]}


@pytest.mark.parametrize("order", Order)
def test_each_order_and_its_keys_agree(programme, five, chen, order):
    rows = seen(programme, chen, order=order)
    assert rows == [five[index] for index in ORDERS[order]]
    choice = Choice(order=order)
    keys = [queue.places(row)[choice.attribute] for row in rows]
    assert keys == sorted(keys, reverse=choice.descending)


@pytest.mark.parametrize("order", Order)
def test_what_follows_begins_behind_the_last_one(programme, five, chen, order):
    choice = Choice(order=order)
    whole = seen(programme, chen, order=order)
    for index, row in enumerate(whole):
        after = queue.places(row)[choice.attribute]
        assert seen(programme, chen, order=order, after=after) == whole[index + 1 :]


@pytest.mark.parametrize("after", ["nix", "-1", "²", "9" * 30, "1.5", "."])
@pytest.mark.parametrize("order", [Order.WAITING, Order.NEWEST])
def test_a_strange_place_to_begin_is_the_beginning(programme, five, chen, order, after):
    assert len(seen(programme, chen, order=order, after=after)) == 5


@pytest.mark.parametrize("after", ["nix", "5", "5.", "5.x", ".5"])
@pytest.mark.parametrize("order", [Order.SUPPORTS, Order.NOTICED])
def test_half_a_place_to_begin_is_the_beginning(programme, five, chen, order, after):
    assert len(seen(programme, chen, order=order, after=after)) == 5


def test_what_is_looked_for_may_be_words_a_number_or_a_nickname(programme, chen):
    first = make.question(programme, text="Wi-Fi 水表怎么读？", nickname="湖滨老李")
    second = make.question(programme, text="停水", nickname="")
    found = {find: seen(programme, chen, find=find) for find in ("wi-fi", "湖滨", second.label, "没有", "水")}
    assert found == {"wi-fi": [first], "湖滨": [first], second.label: [second], "没有": [], "水": [first, second]}


def test_a_group_of_those_that_ask_alike_is_shown_alone(programme, chen):
    asked = [make.question(programme, text=text) for text in ("停水", "停水", "另一件事")]
    for question in asked:
        indexing.remember(question)
    assert seen(programme, chen, group=asked[0].pk) == asked[:2]


def test_an_address_says_how_somebody_looks_and_what_it_does_not_say_is_the_usual():
    assert Choice.of({}) == Choice(Show.OPEN, Order.WAITING, "", "")
    asked = {"show": "held", "order": "supports", "find": " 水压 ", "after": "3.5"}
    assert Choice.of(asked) == Choice(Show.HELD, Order.SUPPORTS, "水压", "3.5")
    assert Choice.of({"show": "x", "order": "x", "find": "水" * 99}) == Choice(find="水" * 60)
    assert Choice.of({"show": "held"}, remembered="newest") == Choice(Show.HELD, Order.NEWEST)
    assert Choice.of({"order": "waiting"}, remembered="newest") == Choice()
    assert [Choice.of({"group": group}).group for group in (str(KEY), "x", "")] == [KEY, None, None]


def test_its_query_leads_to_its_beginning_again():
    assert Choice(Show.HELD, Order.NEWEST, "水 压", "17").query == "show=held&order=newest&find=%E6%B0%B4+%E5%8E%8B"
    assert Choice(group=KEY).query == f"show=open&order=waiting&group={KEY}"
    assert Choice().query == "show=open&order=waiting"
