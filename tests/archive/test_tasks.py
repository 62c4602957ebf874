import pytest
from huey.contrib.djhuey import HUEY

from archive import portal, tasks
from archive.models import Publication
from interview import entries, transcript
from tests.archive.records import held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _queue():
    HUEY.flush()
    yield
    HUEY.flush()


def work_off() -> list[str]:
    """Run every task that waits in the queue, as the worker does, and name them."""
    done = []
    while (task := HUEY.dequeue()) is not None:
        HUEY.execute(task)
        done.append(task.name)
    return done


def test_a_correction_is_written_at_once():
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    work_off()
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    assert work_off() == ["archive.keep_up_with"]
    assert Publication.objects.get().revision == 2


def test_a_correction_before_archiving_asks_for_nothing():
    programme, editor = held()
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    assert work_off() == []


def test_every_minute_what_was_lost_is_found():
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    HUEY.flush()
    tasks.keep_up.call_local()
    assert Publication.objects.get().revision == 2


def test_tasks_may_run_twice():
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    row = Publication.objects.get()
    for _time in range(2):
        tasks.keep_up.call_local()
        tasks.keep_up_with.call_local(str(programme.pk))
    assert Publication.objects.get().written_at == row.written_at


def test_the_task_of_a_programme_that_is_gone_does_nothing():
    tasks.keep_up_with.call_local("01900000-0000-7000-8000-000000000000")
    assert Publication.objects.count() == 0
