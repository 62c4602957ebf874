"""The background work of the archive; huey finds it by the file's name. Every task may run twice."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from archive import portal


@db_periodic_task(crontab(minute="*"), name="archive.keep_up")
def keep_up() -> None:
    """Write again whatever is out of date: corrections whose task was lost, folders that could not be written before."""
    portal.write_stale()


@db_task(name="archive.keep_up_with")
def keep_up_with(programme_id: str) -> None:
    """Write one archived programme again at once, because what the public reads of it has changed."""
    portal.write_stale(programme_id=programme_id)
