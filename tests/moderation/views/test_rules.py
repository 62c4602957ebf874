"""The page of the rules: editors find it from the plan, others do not get in."""

import pytest
from django.urls import reverse

from moderation import rules
from moderation.models import Record
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make.programme()


@pytest.fixture
def desk(client):
    client.force_login(make.editor())
    return client


def address(programme):
    return reverse("rules", args=[programme.pk])


def fields(page):
    boxes = {box.get("name"): "checked" in box.attrib for box in page.iter("input") if box.get("type") == "checkbox"}
    chosen = [option.get("value") for option in page.iter("option") if "selected" in option.attrib]
    return boxes | {"challenge": chosen[0]}


def test_the_plan_leads_there(desk, programme):
    page = pages.parse(desk.get(reverse("plan", args=[programme.pk])).content.decode())
    assert page.find(f".//a[@href='{address(programme)}']") is not None


def test_what_is_saved_is_what_the_page_shows(desk, programme):
    before = fields(pages.parse(desk.get(address(programme)).content.decode()))
    sent = {"two_stage": "on", "challenge": "always", "supports_hidden": "on"}
    response = desk.post(address(programme), sent, follow=True)
    after = fields(pages.parse(response.content.decode()))
    assert before == {"two_stage": False, "challenge": "pressure", "sign_in_required": False, "supports_hidden": False}
    assert after == {"two_stage": True, "challenge": "always", "sign_in_required": False, "supports_hidden": True}
    assert "审核设置已保存" in response.content.decode()


def test_what_cannot_be_is_told_to_a_script(desk, programme):
    response = desk.post(address(programme), {"challenge": "sometimes"}, headers={"Accept": "application/json"})
    assert (response.status_code, list(response.json()["fields"]), Record.objects.count()) == (422, ["challenge"], 0)


@pytest.mark.parametrize("role", ["moderator", "host", None])
def test_others_see_and_change_nothing(client, programme, role):
    client.force_login(make.seated(programme, role) if role else make.user())
    answers = [client.get(address(programme)), client.post(address(programme), {"two_stage": "on", "challenge": "always"})]
    assert ([answer.status_code for answer in answers], rules.of(programme).two_stage) == ([403, 403], False)
