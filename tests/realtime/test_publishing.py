"""Appended now, told after the commit, and not at all if there is none."""

import pytest
from django.db import transaction

from realtime import log, publishing
from realtime.doorbell import doorbell
from realtime.hints import Hint
from realtime.publishing import Position

TOPIC = "stage:one"
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_bell_rings_after_the_commit(heard: list[Hint]) -> None:
    with transaction.atomic():
        assert publishing.publish(topic=TOPIC, kind="said", data={}, html="") == 1
        assert heard == []
    assert heard == [Hint(moved={TOPIC: (1, 1)})]


def test_no_bell_rings_for_what_was_rolled_back(heard: list[Hint]) -> None:
    with transaction.atomic():
        publishing.publish(topic=TOPIC, kind="said", data={})
        transaction.set_rollback(True)
    assert heard == []
    assert publishing.position(TOPIC) == Position("", 0)


def test_publish_refuses_to_work_outside_a_transaction() -> None:
    with pytest.raises(log.OutsideTransaction):
        publishing.publish(topic=TOPIC, kind="said", data={})


def test_a_page_reads_its_position() -> None:
    with transaction.atomic():
        publishing.publish(topic=TOPIC, kind="said", data={})
    assert publishing.position(TOPIC) == Position(log.head(TOPIC).epoch, 1)


def test_a_redaction_rings_with_its_generation_and_only_if_something_matched(heard: list[Hint]) -> None:
    with transaction.atomic():
        publishing.publish(topic=TOPIC, kind="said", data={"id": 7})
    with transaction.atomic():
        publishing.redact(topic=TOPIC, match=lambda data: data["id"] == 7)
        publishing.redact(topic=TOPIC, match=[99])
    assert heard == [Hint(moved={TOPIC: (1, 1)}), Hint(moved={TOPIC: (1, 2)})]


def test_a_broken_listener_does_not_break_the_commit(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_hint: Hint) -> None:
        raise RuntimeError("deaf")

    doorbell.listen(broken)
    try:
        with transaction.atomic():
            publishing.publish(topic=TOPIC, kind="said", data={})
    finally:
        doorbell.forget(broken)
    assert publishing.position(TOPIC).number == 1
    assert len(caplog.records) == 1


def test_a_pulse_goes_out_after_the_commit_or_at_once_without_one(heard: list[Hint]) -> None:
    with transaction.atomic():
        publishing.pulse(topic=TOPIC, fact="answering", value="王建国", seconds=6)
        assert heard == []
    publishing.pulse(topic=TOPIC, fact="answering", value=None)
    assert heard == [Hint(passages={(TOPIC, "answering"): ("王建国", 6)}), Hint(passages={(TOPIC, "answering"): (None, 5.0)})]
