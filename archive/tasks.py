"""The background work of the archive; huey finds it by the file's name. Every task may run twice."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from archive import portal


@db_periodic_task(crontab(minute="*"), name="archive.keep_up")
def keep_up() -> None:
    """Write again whatever is out of date: found by a query, so that nobody has to remember to ask."""
    portal.write_stale()
