"""The ends of the chains, outside the database."""

import json

import pytest
from django.utils import timezone

from moderation import anchors, audit
from moderation.models import Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_ROOT = tmp_path / "audit"
    return settings.AUDIT_ROOT


def lines(folder):
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text().splitlines()]


def test_a_line_for_each_chain_that_has_grown_and_none_for_the_others(folder):
    programme, chen = make.programme(), make.user()
    first = audit.record(programme=programme, action=Record.Action.RULES_CHANGE, by=chen)
    site = audit.record(action=Record.Action.LIST_CHANGE, by=chen)
    assert anchors.write() == 2
    assert anchors.write() == 0
    second = audit.record(action=Record.Action.LIST_CHANGE, by=chen)
    assert anchors.write() == 1
    expected = [(str(programme.pk), 1, first.digest), ("site", 1, site.digest), ("site", 2, second.digest)]
    assert [(line["chain"], line["number"], line["digest"]) for line in lines(folder)] == expected
    assert [(anchor.chain, anchor.number, anchor.digest) for anchor in anchors.read()] == expected
    assert [path.name for path in folder.iterdir()] == [f"heads-{timezone.now().year}.jsonl"]


def test_nothing_to_write_makes_no_file(folder):
    assert anchors.write() == 0
    assert not folder.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"chain": "site"}', '{"at": "", "chain": "site", "number": "x", "digest": ""}'])
def test_a_line_that_is_none_of_ours_is_named(folder, text):
    audit.record(action=Record.Action.LIST_CHANGE, by=make.user())
    anchors.write()
    path = next(folder.iterdir())
    path.write_text(path.read_text() + text + "\n")
    with pytest.raises(anchors.Unreadable, match=rf"in {path.name}, line 2, got "):
        list(anchors.read())
