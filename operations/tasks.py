"""The background work of operations; huey finds it by the file's name."""

from huey import crontab
from huey.contrib.djhuey import periodic_task

from operations import heartbeat


@periodic_task(crontab(minute="*"), name="operations.heartbeat")
def keep_beating() -> None:
    """Beat from inside a task, so that a worker whose scheduler or threads are stuck falls silent."""
    heartbeat.beat()
