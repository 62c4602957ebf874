"""The pages of reports: for readers a form, for moderators what was reported."""

import pytest
from django.urls import reverse

from interview.models import Question
from interview.states import QuestionState
from moderation import decisions
from moderation.models import Report
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def question(programme):
    row = make.question(programme)
    return decisions.approve(question=row, by=make.editor())


def address(name, programme):
    return reverse(name, args=[programme.pk])


def fields(question, **changes):
    return {"question": str(question.pk), "reason": "abusive", "words": "<b>骂人</b>"} | changes


def test_a_reader_goes_from_the_question_to_the_form_and_back(client, programme, question):
    links = [link.get("href") for link in pages.parse(client.get(programme.get_absolute_url()).content.decode()).iter("a")]
    form = f"{address('report', programme)}?question={question.pk}"
    assert links.count(form) == 1
    page = client.get(form).content.decode()
    assert (question.text in page, page.count('type="radio"')) == (True, len(Report.Reason))
    answer = client.post(address("report", programme), fields(question))
    assert (answer.status_code, answer["Location"], Report.objects.count()) == (302, programme.get_absolute_url(), 1)
    back = client.get(answer["Location"]).content.decode()
    assert ("骂人" in back, "人举报" in back) == (False, False)


def test_what_is_wrong_is_given_back(client, programme, question):
    answer = client.post(address("report", programme), fields(question, reason="", words="字" * 301))
    assert (answer.status_code, "字" * 301 in answer.content.decode(), Report.objects.count()) == (422, True, 0)
    told = client.post(address("report", programme), fields(question, reason="x"), headers=JSON)
    assert (told.status_code, list(told.json()["fields"])) == (422, ["reason"])


def test_too_often_says_when_to_come_back(client, programme, question, settings):
    settings.ASK_LIMITS_PER_VISITOR = ["1/hour"]
    client.post(address("report", programme), fields(question))
    answer = client.post(address("report", programme), fields(question))
    assert (answer.status_code, 3_500 < int(answer["Retry-After"]) <= 3_600) == (429, True)


def test_what_is_not_shown_is_404(client, programme):
    for key in ("", "x", str(make.question(programme).pk)):
        assert client.get(address("report", programme), {"question": key}).status_code == 404
        assert client.post(address("report", programme), {"question": key, "reason": "advert"}).status_code == 404


def reported(client, programme):
    return client.get(address("inbox", programme), {"show": "reported"}).content.decode()


def settle(client, question, act, **headers):
    return client.post(f"{address('settle_report', question.programme)}?act={act}", {"question": str(question.pk)}, headers=headers)


def test_moderators_read_it_and_settle_it(client, programme, question):
    client.post(address("report", programme), fields(question))
    client.force_login(make.seated(programme, "moderator"))
    page = reported(client, programme)
    assert ("1人举报" in page, "辱骂攻击：&lt;b&gt;骂人&lt;/b&gt;" in page, "保留" in page) == (True, True, True)
    assert (settle(client, question, "keep", **JSON).json()["question"], Question.objects.get().state) == (
        question.label,
        QuestionState.APPROVED,
    )
    assert (settle(client, question, "keep", **JSON).status_code, "1人举报" in reported(client, programme)) == (409, False)


def test_taken_back_from_the_page(client, programme, question):
    client.post(address("report", programme), fields(question))
    client.force_login(make.seated(programme, "moderator"))
    response = settle(client, question, "take_back")
    assert (Question.objects.get().state, response["Location"]) == (QuestionState.RECEIVED, f"{address('inbox', programme)}?show=reported")


def test_what_is_answered_can_be_kept_only(client, programme):
    question = make.question(programme, state=QuestionState.ANSWERED)
    client.post(address("report", programme), fields(question))
    client.force_login(make.seated(programme, "moderator"))
    page = reported(client, programme)
    assert ("settle/?act=keep" in page, "settle/?act=take_back" in page) == (True, False)


def test_others_see_nothing(client, programme, question):
    for person in (make.user(), make.seated(programme, "host"), make.seated(make.programme(), "moderator")):
        client.force_login(person)
        assert client.post(address("settle_report", programme), {"question": str(question.pk)}).status_code == 403
