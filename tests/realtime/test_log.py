"""Numbers are dense, in the order of the commits, and take part in the transaction of the change."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from realtime import log
from realtime.models import Event, Topic

TOPIC = "stage:one"


def append(topic: str = TOPIC, **fields: object) -> log.Head:
    with transaction.atomic():
        return log.append(topic=topic, kind="said", data=fields, html="")


def numbers(topic: str = TOPIC) -> list[int]:
    return [record.number for record in log.since(topic=topic, after=0, limit=10_000)]


def in_threads(count: int, work: Callable[[int], None]) -> list[Exception]:
    errors: list[Exception] = []

    def run(index: int) -> None:
        try:
            work(index)
        except Exception as error:  # noqa: BLE001  the test looks at them
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db
def test_the_first_event_makes_the_topic_and_has_number_one() -> None:
    head = append()
    row = Topic.objects.get()
    assert (row.name, row.head, row.epoch, row.generation) == (TOPIC, 1, head.epoch, 1)
    assert head == log.head(TOPIC) == log.Head(row.epoch, 1, 1)


@pytest.mark.django_db
def test_topics_are_numbered_each_for_itself() -> None:
    assert [append("stage:one").number, append("stage:two").number, append("stage:one").number] == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_numbers_are_dense_under_concurrent_writers() -> None:
    writers, each = 8, 25
    taken: list[int] = []

    def write(index: int) -> None:
        taken.extend([append(writer=index).number for _ in range(each)])

    assert in_threads(writers, write) == []
    assert sorted(taken) == numbers() == list(range(1, writers * each + 1))
    assert log.head(TOPIC).number == writers * each


@pytest.mark.django_db(transaction=True)
def test_a_number_becomes_visible_only_after_all_smaller_ones() -> None:
    """The reader never sees n + 1 before n, however long the transaction of n takes."""
    append()
    first_has_a_number, may_commit, holes = threading.Event(), threading.Event(), []

    def work(index: int) -> None:
        if index == 0:
            with transaction.atomic():
                log.append(topic=TOPIC, kind="slow", data={}, html="")
                first_has_a_number.set()
                may_commit.wait(0.3)
        elif index == 1:
            first_has_a_number.wait()
            append()
        else:
            first_has_a_number.wait()
            for _ in range(200):
                seen = numbers()
                if seen != list(range(1, len(seen) + 1)):
                    holes.append(seen)
            may_commit.set()

    assert in_threads(3, work) == []
    assert holes == []
    assert numbers() == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_first_events_at_once_are_one_and_two() -> None:
    together = threading.Barrier(4)

    def write(index: int) -> None:
        together.wait()
        append(writer=index)

    assert in_threads(4, write) == []
    assert numbers() == [1, 2, 3, 4]
    assert Topic.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_gap() -> None:
    append()
    with transaction.atomic():
        assert log.append(topic=TOPIC, kind="said", data={}, html="").number == 2
        transaction.set_rollback(True)
    assert append().number == 2
    assert numbers() == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_append_refuses_to_work_outside_a_transaction() -> None:
    with pytest.raises(log.OutsideTransaction, match="'said' on 'stage:one'"):
        log.append(topic=TOPIC, kind="said", data={}, html="")
    with pytest.raises(log.OutsideTransaction):
        log.redact(topic=TOPIC, match=[1])
    assert Topic.objects.count() == Event.objects.count() == 0


@pytest.mark.django_db
def test_append_takes_two_statements_and_reading_one(django_assert_num_queries: Callable[[int], object]) -> None:
    append()
    with transaction.atomic(), django_assert_num_queries(2):  # type: ignore[attr-defined]
        log.append(topic=TOPIC, kind="said", data={}, html="")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        log.since(topic=TOPIC, after=0, limit=10)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        log.heads([TOPIC, "stage:none"])


@pytest.mark.django_db
def test_data_is_kept_as_plain_json() -> None:
    append(id=UUID(int=7), at=datetime(2010, 7, 14, tzinfo=UTC), names=("甲", "乙"))
    [record] = log.since(topic=TOPIC, after=0, limit=1)
    assert record.data == {"id": "00000000-0000-0000-0000-000000000007", "at": "2010-07-14T00:00:00Z", "names": ["甲", "乙"]}


@pytest.mark.django_db
def test_an_event_too_large_for_any_reader_is_refused_and_takes_no_number() -> None:
    with pytest.raises(log.EventTooLarge, match=str(log.EVENT_LIMIT)), transaction.atomic():
        log.append(topic=TOPIC, kind="said", data={}, html="长" * log.EVENT_LIMIT)
    assert append().number == 1


@pytest.mark.django_db
def test_since_reads_in_order_and_at_most_the_limit() -> None:
    for _ in range(5):
        append()
    assert [record.number for record in log.since(topic=TOPIC, after=1, limit=3)] == [2, 3, 4]
    assert log.since(topic=TOPIC, after=5, limit=3) == log.since(topic="stage:none", after=0, limit=3) == []


@pytest.mark.django_db
def test_a_topic_without_events_stands_nowhere() -> None:
    assert log.head(TOPIC) == log.NOWHERE
    assert log.heads([]) == {}


@pytest.mark.django_db
def test_redaction_empties_what_matches_and_keeps_the_numbers() -> None:
    for name in ("甲", "乙", "甲"):
        append(name=name)
    with transaction.atomic():
        head = log.redact(topic=TOPIC, match=lambda data: data["name"] == "甲")
    assert head == log.head(TOPIC) == log.Head(Topic.objects.get().epoch, 3, 2)
    records = log.since(topic=TOPIC, after=0, limit=10)
    assert [(record.number, record.kind, record.data) for record in records] == [
        (1, "gone", {}),
        (2, "said", {"name": "乙"}),
        (3, "gone", {}),
    ]


@pytest.mark.django_db
def test_redaction_by_number_happens_once() -> None:
    append(name="甲")
    with transaction.atomic():
        assert log.redact(topic=TOPIC, match=[1, 99]) == log.Head(Topic.objects.get().epoch, 1, 2)
        assert log.redact(topic=TOPIC, match=[1]) is None
        assert log.redact(topic=TOPIC, match=lambda _data: True) is None
    assert log.head(TOPIC).generation == 2


@pytest.mark.django_db(transaction=True)
def test_redaction_waits_for_an_event_that_is_about_to_be_committed() -> None:
    append(name="甲")
    has_a_number, looked = threading.Event(), threading.Event()

    def names(data: dict[str, Any]) -> bool:
        looked.set()
        return data.get("name") == "甲"

    def work(index: int) -> None:
        if index == 0:
            with transaction.atomic():
                log.append(topic=TOPIC, kind="said", data={"name": "甲"}, html="")
                has_a_number.set()
                # Who looks before the commit overlooks this event; who takes the lock first lets this run out.
                looked.wait(0.5)
        else:
            has_a_number.wait()
            with transaction.atomic():
                log.redact(topic=TOPIC, match=names)

    assert in_threads(2, work) == []
    assert [record.kind for record in log.since(topic=TOPIC, after=0, limit=10)] == ["gone", "gone"]


@pytest.mark.django_db
def test_nothing_redacted_is_left_in_the_database() -> None:
    append(name="机密canary")
    with transaction.atomic():
        log.redact(topic=TOPIC, match=[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, html FROM realtime_event")
        assert "canary" not in repr(cursor.fetchall())


@pytest.mark.django_db
def test_prune_removes_the_oldest_and_keeps_counting() -> None:
    for _ in range(5):
        append()
    assert log.prune(topic=TOPIC, up_to=3) == 3
    assert numbers() == [4, 5]
    assert append().number == 6


@pytest.mark.django_db
def test_a_new_epoch_is_another_for_every_topic_and_keeps_the_numbers() -> None:
    before = [append("stage:one"), append("stage:two")]
    assert log.begin_epoch() == 2
    after = [log.head("stage:one"), log.head("stage:two")]
    assert [head.number for head in after] == [1, 1]
    assert len({head.epoch for head in before + after}) == 4
