"""After a restored backup: asked twice, then every topic begins anew; tests/realtime/test_delivery.py has the readers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from realtime import log

STAGE = "stage:one"
pytestmark = pytest.mark.django_db(transaction=True)


def begin(*words: str) -> str:
    out = StringIO()
    call_command("begin_epoch", *words, stdout=out)
    return out.getvalue()


def test_without_yes_nothing_changes():
    with transaction.atomic():
        before = log.append(topic=STAGE, kind="said", data={}, html="")
    with pytest.raises(CommandError, match=r"(?s)Nothing was changed.*--yes.*没有做任何改动.*--yes"):
        begin()
    assert log.head(STAGE) == before


def test_with_yes_every_topic_begins_a_new_epoch():
    for topic in (STAGE, "desk:one"):
        with transaction.atomic():
            log.append(topic=topic, kind="said", data={}, html="")
    before = log.heads([STAGE, "desk:one"])
    assert begin("--yes") == "2 topics began a new epoch. / 2个主题已开始新的纪元。\n"
    after = log.heads([STAGE, "desk:one"])
    assert {topic: head.number for topic, head in after.items()} == {STAGE: 1, "desk:one": 1}
    assert [topic for topic in before if before[topic].epoch == after[topic].epoch] == []
