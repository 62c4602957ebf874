"""Reports: kept for moderators only, one for each reader and question, settled once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.callers import Caller
from interview.models import Question
from interview.states import SHOWN, ProgrammeState, QuestionState
from moderation import decisions, inbox, reports
from moderation.models import Record, Report
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(programme):
    return make.question(programme, state=QuestionState.APPROVED)


def tell(question, visitor="li", reason="abusive", words="骂人。", address="192.0.2.1"):
    caller = Caller(user=None, visitor=visitor, address=address)
    return reports.report(question=question, caller=caller, reason=reason, words=words)


def refusal(verb, *args, **words):
    before = list(Report.objects.values_list("pk", "settled_at")), Record.objects.count(), Event.objects.count()
    with pytest.raises(Refused) as caught:
        verb(*args, **words)
    assert (list(Report.objects.values_list("pk", "settled_at")), Record.objects.count(), Event.objects.count()) == before
    return caught.value.code


def test_a_report_is_kept_and_nobody_in_public_is_told(question):
    row = tell(question)
    assert (row.reason, row.words, row.visitor, row.address, row.settled_at) == ("abusive", "骂人。", "li", "192.0.2.1", None)
    [event] = Event.objects.all()
    assert (event.topic.name, "骂人。" in event.html, "192.0.2.1" in event.html) == (f"inbox:{question.programme_id}", True, False)


def test_the_second_report_of_a_reader_is_the_first(question, settings):
    settings.ASK_LIMITS_PER_VISITOR = ["9/hour"]
    first = tell(question)
    assert (tell(question, reason="advert", words="别的。"), Report.objects.count(), Report.objects.get().reason) == (first, 1, "abusive")


@pytest.mark.parametrize(("field", "value"), [("reason", "boring"), ("reason", ""), ("words", "字" * 301)])
def test_what_is_wrong_is_told_by_field(question, field, value):
    with pytest.raises(Refused) as caught:
        tell(question, **{field: value})
    assert (caught.value.code, list(caught.value.fields), Report.objects.count()) == ("invalid", [field], 0)


def test_without_a_cookie_nothing_is_reported(question):
    assert refusal(tell, question, visitor=None) == "no_visitor"


def test_reporting_too_often_has_to_wait_and_hinders_no_asking(question, programme, settings):
    settings.ASK_LIMITS_PER_VISITOR = ["1/hour"]
    tell(question)
    assert refusal(tell, make.question(programme, state=QuestionState.APPROVED)) == "throttled"


@pytest.mark.parametrize("state", sorted(set(QuestionState) - SHOWN))
def test_what_is_not_shown_is_not_there(programme, state):
    assert refusal(tell, make.question(programme, state=state)) == "not_found"


def test_what_is_archived_is_not_the_moderators_any_more(question):
    make.move(question.programme, ProgrammeState.ARCHIVED)
    assert refusal(tell, question) == "closed"


def test_moderators_see_what_is_reported_and_not_settled(programme, question):
    waiting, declined = make.question(programme), make.question(programme, state=QuestionState.DECLINED)
    make.question(programme, state=QuestionState.APPROVED)
    for each in (waiting, declined):
        Report.objects.create(question=each, visitor="visitor-wang", reason="advert")
    for number in range(3):
        tell(question, f"visitor-{number}")
    assert [(each, len(each.open_reports)) for each in inbox.reported(programme)] == [(question, 3), (waiting, 1)]
    assert inbox.load(programme).counts["reported"] == 2
    assert list(inbox.reported(make.programme())) == []


def test_kept_it_stays_and_the_reports_are_settled(programme, question, chen):
    tell(question)
    tell(question, "wang")
    assert reports.settle(question=question, take_back=False, by=chen) == 2
    assert (list(inbox.reported(programme)), Question.objects.get().state) == ([], QuestionState.APPROVED)
    assert [(row.action, row.by, row.data) for row in Record.objects.all()] == [
        ("report_settle", chen, {"reports": 2, "taken_back": False})
    ]
    assert set(Report.objects.values_list("settled_by", flat=True)) == {chen.pk}
    assert refusal(reports.settle, question=question, take_back=False, by=chen) == "conflict"


def test_taken_back_it_leaves_the_public_and_waits_again(programme, chen):
    question = make.question(programme)
    decisions.approve(question=question, by=chen)
    tell(question)
    reports.settle(question=question, take_back=True, by=chen)
    assert Question.objects.get().state == QuestionState.RECEIVED
    assert list(Record.objects.order_by("number").values_list("action", flat=True)) == ["approve", "report_settle", "take_back"]


def test_what_cannot_be_taken_back_stays_reported(programme, chen):
    question = make.question(programme, state=QuestionState.ANSWERED)
    tell(question)
    assert refusal(reports.settle, question=question, take_back=True, by=chen) == "conflict"
    assert list(inbox.reported(programme)) == [question]


def test_only_moderators_of_the_programme_settle(programme, question):
    tell(question)
    for person in (make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        assert refusal(reports.settle, question=question, take_back=False, by=person) == "forbidden"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_settles():
    programme = make.programme(state=ProgrammeState.LIVE)
    question, barrier = make.question(programme, state=QuestionState.APPROVED), Barrier(4)
    tell(question)
    moderators = [make.seated(programme, "moderator") for _each in range(4)]

    def press(by):
        barrier.wait(timeout=120)
        try:
            return str(reports.settle(question=question, take_back=False, by=by))
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, moderators)) == ["1", "conflict", "conflict", "conflict"]
    assert Record.objects.count() == 1
