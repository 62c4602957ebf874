import pytest

from archive import portal, tasks
from archive.models import Publication
from interview import entries, transcript
from tests.archive.records import held

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_minute_a_correction_is_found_and_written():
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    tasks.keep_up.call_local()
    assert Publication.objects.get().revision == 2


def test_the_task_may_run_twice():
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    row = Publication.objects.get()
    for _time in range(2):
        tasks.keep_up.call_local()
    assert Publication.objects.get().written_at == row.written_at
