"""The ends of the chains are written by the worker; a folder that cannot be written is told in the log."""

import logging

import pytest

from moderation import anchors, audit, tasks
from moderation.models import Record
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_the_task_writes_what_has_grown(settings, tmp_path):
    settings.AUDIT_ROOT = tmp_path / "audit"
    audit.record(action=Record.Action.LIST_CHANGE, by=make.user())
    tasks.anchor.call_local()
    assert [anchor.number for anchor in anchors.read()] == [1]


def test_a_folder_that_cannot_be_made_is_an_error_in_the_log_not_an_end_of_the_worker(settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.AUDIT_ROOT = tmp_path / "file" / "audit"
    audit.record(action=Record.Action.LIST_CHANGE, by=make.user())
    with caplog.at_level(logging.ERROR):
        tasks.anchor.call_local()
    assert [record.message for record in caplog.records] == ["the ends of the record could not be written to AUDIT_ROOT"]
