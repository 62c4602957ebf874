"""The moderators' page merges with one press and splits with one; what asks alike is told on demand."""

import pytest
from django.urls import reverse

from interview import answers, questions
from interview.models import Question
from interview.states import ProgrammeState
from moderation import decisions, indexing, merging
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def chen(programme, client):
    person = make.seated(programme, "moderator", user=make.user(name="陈审核"))
    client.force_login(person)
    return person


def ask(programme, text="我们小区的水压什么时候恢复？"):
    question = make.question(programme, text=text)
    indexing.remember(question)
    return question


def sends(client, name, programme, **fields):
    return client.post(reverse(name, args=[programme.pk]), fields, headers=JSON)


def test_one_press_merges_and_one_splits(client, programme, chen):
    one, two = ask(programme), ask(programme)
    merged = sends(client, "merge", programme, question=two.pk, into=one.pk)
    assert merged.json() == {"detail": f"提问 {two.label} 已合并，提问人会一起得到答复。", "html": "", "question": two.label}
    split = sends(client, "split", programme, question=two.pk)
    assert split.json() == {"detail": f"提问 {two.label} 已拆开，重新等待审核。", "html": "", "question": two.label}
    assert Question.objects.get(pk=two.pk).state == "received"


@pytest.mark.parametrize("into", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_into_nothing_is_not_found(client, programme, chen, into):
    response = sends(client, "merge", programme, question=ask(programme).pk, into=into)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_into_another_programme_is_not_found_either(client, programme, chen):
    response = sends(client, "merge", programme, question=ask(programme).pk, into=ask(make.programme()).pk)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_words_that_changed_meanwhile_are_not_merged(client, programme, chen):
    response = sends(client, "merge", programme, question=ask(programme).pk, into=ask(programme).pk, seen=7)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


def test_a_merged_question_can_be_split_where_it_stands_among_the_decided(client, programme, chen):
    one, two = ask(programme), ask(programme)
    merging.merge(question=two, into=one, by=chen)
    page = client.get(reverse("inbox", args=[programme.pk])).content.decode()
    assert f"与{one.label}一起答复" in page
    assert f'formaction="{reverse("split", args=[programme.pk])}"' in page


def test_what_asks_alike_stands_beside_it_with_what_may_be_done(client, programme, chen):
    one, two, other = ask(programme), ask(programme), ask(programme, "菜市场门口的垃圾为什么三天没有人清运？")
    declined = ask(programme)
    decisions.decline(question=declined, reason="advert", by=chen)
    response = client.get(reverse("alike", args=[programme.pk]), {"question": str(two.pk)})
    page = pages.parse(response.content.decode())
    beside = page.find(".//*[@class='alike']")
    merges = [
        {field.get("name"): field.get("value") for field in form.iter("input") if field.get("name") != "csrfmiddlewaretoken"}
        for form in beside.iter("form")
        if form.get("action") == reverse("merge", args=[programme.pk])
    ]
    assert merges == [
        {"question": str(two.pk), "seen": "0", "into": str(one.pk)},
        {"question": str(one.pk), "into": str(two.pk)},
    ]
    shown = "".join(beside.itertext())
    assert ("未采用 · 含广告" in shown, other.text in shown) == (True, False)
    assert "no-store" in response["Cache-Control"]


def test_what_was_merged_into_it_stands_beside_it_and_is_split_from_there(client, programme, chen):
    one, two = ask(programme), ask(programme)
    merging.merge(question=two, into=one, by=chen)
    page = pages.parse(client.get(reverse("alike", args=[programme.pk]), {"question": str(one.pk)}).content.decode())
    [form] = [each for each in page.iter("form") if each.get("action") == reverse("split", args=[programme.pk])]
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert (fields["question"], fields["into"]) == (str(two.pk), str(one.pk))


def test_what_was_answered_before_is_told_with_the_way_there(client, programme, chen):
    past = make.programme(state=ProgrammeState.LIVE)
    asked = questions.approve(ask(past))
    entry = answers.answer(question=asked, guest=make.guest(past), text="今晚恢复。", by=make.seated(past, "host"))
    indexing.catch_up()
    page = client.get(reverse("alike", args=[programme.pk]), {"question": str(ask(programme).pk)}).content.decode()
    assert (f'href="{past.get_absolute_url()}#{entry.entries.get(kind="answer").anchor}"' in page, "今晚恢复。" in page) == (True, True)


def test_a_waiting_question_says_who_was_merged_into_it_and_offers_to_split(client, programme, chen):
    one, two = ask(programme), ask(programme)
    merging.merge(question=two, into=one, by=chen)
    page = pages.parse(client.get(reverse("inbox", args=[programme.pk])).content.decode())
    item = page.find(f".//*[@id='inbox-{one.pk}']")
    [button] = [each for each in item.iter("button") if each.get("formaction") == "split/"]
    assert ("已并入1条" in "".join(item.itertext()), button.get("value"), button.get("aria-label")) == (
        True,
        str(two.pk),
        f"拆开 {two.label}",
    )
