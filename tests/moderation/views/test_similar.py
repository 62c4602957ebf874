"""What a netizen is told while typing: public, soon, kept nowhere."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interview import answers, questions
from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import indexing
from realtime.models import Event
from tests import scenes as make

pytestmark = pytest.mark.django_db
PRESSURE = "我们小区的水压什么时候恢复？"


def ask(programme, text=PRESSURE, **fields):
    question = make.question(programme, text=text, **fields)
    indexing.remember(question)
    return question


def types(client, programme, text="请问小区的水压什么时候恢复"):
    return client.post(reverse("similar", args=[programme.pk]), {"text": text})


def test_a_question_that_waits_for_its_answer_can_be_supported(client, programme):
    question = questions.approve(ask(programme))
    Question.objects.filter(pk=question.pk).update(supports=4)
    response = types(client, programme)
    assert response.json() == {
        "asked": [
            {
                "id": str(question.pk),
                "label": question.label,
                "text": PRESSURE,
                "state": "approved",
                "supports": 4,
                "url": f"{programme.get_absolute_url()}#waiting-{question.pk}",
                "support": f"{reverse('support', args=[programme.pk])}?question={question.pk}",
            }
        ],
        "answered": [],
    }
    assert set(response["Cache-Control"].replace(",", " ").split()) == {"no-store", "private"}


def test_an_owed_one_cannot_be_supported(client, programme):
    ask(programme, state=QuestionState.OWED)
    [found] = types(client, programme).json()["asked"]
    assert (found["state"], found["support"]) == ("owed", None)


def test_counts_that_are_hidden_are_not_told(client):
    programme = make.programme(state=ProgrammeState.LIVE, supports_hidden=True)
    questions.approve(ask(programme))
    assert types(client, programme).json()["asked"][0]["supports"] is None


def test_an_answered_one_is_told_with_the_beginning_of_its_answer_and_its_place(client, programme):
    past = make.programme(state=ProgrammeState.LIVE, title="自来水公司谈抢修")
    question = questions.approve(ask(past))
    answers.answer(question=question, guest=make.guest(past), text="好。" * 100, by=make.seated(past, "host"))
    indexing.catch_up()
    entry = past.entries.get(kind="answer")
    assert types(client, programme).json() == {
        "asked": [],
        "answered": [
            {
                "question": PRESSURE,
                "answer": ("好。" * 100)[:119] + "…",
                "when": f"{timezone.localtime(entry.at):%Y-%m-%d}",
                "programme": "自来水公司谈抢修",
                "url": f"{past.get_absolute_url()}#{entry.anchor}",
            }
        ],
    }


def test_what_waits_for_screening_is_told_to_nobody(client, programme):
    ask(programme)
    assert types(client, programme).json() == {"asked": [], "answered": []}


@pytest.mark.parametrize("text", ["", "水", "\0\u202e", "水压" * 5_000, "请问为什么", "😀" * 50])
def test_whatever_is_typed_is_answered(client, programme, text):
    questions.approve(ask(programme, "完全另外一件事情：公交车末班时间"))
    response = types(client, programme, text)
    assert (response.status_code, response.json()) == (200, {"asked": [], "answered": []})


def test_nothing_of_it_is_kept(client, programme, caplog):
    before = Question.objects.count(), Event.objects.count()
    types(client, programme, "这句话没有提交")
    assert (Question.objects.count(), Event.objects.count()) == before
    assert "这句话没有提交" not in caplog.text


def test_an_address_never_holds_what_is_typed(client, programme):
    assert client.get(reverse("similar", args=[programme.pk]), {"text": PRESSURE}).status_code == 405


def test_only_pages_of_ours_ask(programme):
    assert types(Client(enforce_csrf_checks=True), programme).status_code == 403


@pytest.mark.parametrize("state", [ProgrammeState.DRAFT, None])
def test_what_is_not_public_is_not_there(client, state):
    programme = make.programme(state=state) if state else make.programme()
    key = programme.pk if state else uuid4()
    assert client.post(reverse("similar", args=[key]), {"text": PRESSURE}).status_code == 404


def test_who_types_too_fast_is_told_when_to_look_again(client, programme, settings):
    settings.SIMILAR_LIMITS_PER_VISITOR = ["2/minute"]
    assert [types(client, programme).status_code for _ in range(3)] == [200, 200, 429]
    response = types(client, programme)
    assert response.json()["code"] == "throttled"
    assert 0 < int(response["Retry-After"]) <= 60


def test_one_address_with_many_browsers_is_limited_too(programme, settings):
    settings.SIMILAR_LIMITS_PER_ADDRESS = ["2/minute"]
    assert [types(Client(), programme).status_code for _ in range(3)] == [200, 200, 429]


def test_typing_uses_up_none_of_the_limits_of_asking(client, programme, settings):
    settings.ASK_LIMITS_PER_VISITOR = ["1/minute"]
    client.get(reverse("ask", args=[programme.pk]))
    types(client, programme)
    sent = client.post(reverse("ask", args=[programme.pk]), {"nickname": "", "text": PRESSURE, "token": str(uuid4())})
    assert sent.status_code == 302
