"""What an operator is told by verify_audit."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation import anchors, audit
from moderation.models import Chain, Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_ROOT = tmp_path / "audit"
    return settings.AUDIT_ROOT


def run(*words):
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", *words, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return out.getvalue(), err.getvalue()


def test_a_sound_record_and_its_anchors(folder):
    audit.record(action=Record.Action.LIST_CHANGE, by=make.user())
    assert run() == ("1 records in 1 chains, 0 anchors: as they were written\n", "")
    assert run("--anchor") == (f"1 records in 1 chains, 0 anchors: as they were written\n1 anchors written to {folder}\n", "")
    assert [anchor.number for anchor in anchors.read()] == [1]


def test_flaws_are_named_and_no_anchor_is_written_over_them(folder):
    row = audit.record(action=Record.Action.LIST_CHANGE, by=make.user())
    Chain.objects.update(number=2)
    assert run("--anchor") == (
        "1 flaws in 1 records in 1 chains, 0 anchors",
        f"chain site, record {row.number}: the chain ends at 2 by its own account: its tail was cut off, or rows were added past it\n",
    )
    assert not folder.exists()


def test_an_anchor_that_cannot_be_read_is_said(folder):
    folder.mkdir()
    (folder / "heads-2010.jsonl").write_text("nonsense\n")
    message, _err = run()
    assert message.startswith(f"the anchors in {folder} cannot be read: expected an object")
