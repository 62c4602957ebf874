from datetime import datetime

from huey.contrib.djhuey import HUEY

from operations import heartbeat, tasks


def test_the_heartbeat_is_due_every_minute():
    due = [task.name for task in HUEY.read_periodic(datetime(2010, 7, 14, 15, 59))]  # noqa: DTZ001  (huey's clock is naive)
    assert "operations.heartbeat" in due


def test_the_task_beats():
    heartbeat.forget()
    tasks.keep_beating.call_local()
    assert heartbeat.is_fresh()
    heartbeat.forget()
