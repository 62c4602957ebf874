"""The background work of moderation; huey finds it by the file's name. Every task may run twice."""

import logging

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from moderation import anchors, indexing

log = logging.getLogger(__name__)


@db_periodic_task(crontab(minute="7"), name="moderation.anchor")
def anchor() -> None:
    """Write every hour where the chains stand: what was rewritten before the next line could not be told."""
    try:
        anchors.write()
    except (OSError, anchors.Unreadable):
        log.exception("the ends of the record could not be written to AUDIT_ROOT")


@db_periodic_task(crontab(minute="*/5"), name="moderation.index")
def index() -> None:
    """Find among the past answers what was answered or imported since: the interview itself does not know of the index."""
    indexing.catch_up()
