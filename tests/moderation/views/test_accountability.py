"""The public page of counts and the table for auditors."""

import pytest
from django.test import Client
from django.urls import reverse

from interview.states import ProgrammeState
from moderation import decisions
from moderation.models import Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_everybody_reads_the_counts_and_no_words(programme):
    chen = make.seated(programme, "moderator")
    decisions.decline(question=make.question(programme, text="我住在湖滨路8号"), reason="personal", by=chen)
    response = Client().get(reverse("screening", args=[programme.pk]))
    page = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (200, "max-age=10")
    assert "<dt>收到</dt><dd>1</dd>" in page
    assert "<dt>未采用</dt><dd>1</dd>" in page
    assert '<tr><td>含个人隐私</td><td class="figures">1</td></tr>' in page
    assert "湖滨路" not in page


def test_the_same_for_programs(programme):
    data = Client().get(reverse("screening", args=[programme.pk]), {"format": "json"}).json()
    assert data == {
        "received": 0, "waiting": 0, "approved": 0, "merged": 0, "declined": 0, "answered": 0, "owed": 0, "withdrawn": 0,
        "reasons": {}, "median_wait_seconds": None,
    }  # fmt: skip


def test_of_a_draft_nothing_is_known():
    draft = make.programme(state=ProgrammeState.DRAFT)
    assert Client().get(reverse("screening", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("site", [True, False])
def test_an_editor_takes_the_record_away(programme, site):
    client = Client()
    client.force_login(make.editor())
    address = reverse("site_records") if site else reverse("records", args=[programme.pk])
    assert client.get(address).status_code == 405
    response = client.post(address)
    text = response.content.decode()
    name = "records-site" if site else f"records-{make.local(programme.planned_start):%Y%m%d}-{str(programme.pk)[:8]}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert text.splitlines()[0].startswith('\ufeff"number","at","action"')
    assert Record.objects.get().action == "export"


def test_nobody_else_does(programme):
    moderator, nobody = Client(), Client()
    moderator.force_login(make.seated(programme, "moderator"))
    assert moderator.post(reverse("records", args=[programme.pk])).status_code == 403
    assert nobody.post(reverse("records", args=[programme.pk])).status_code == 302
    assert Record.objects.count() == 0
