"""The background work of moderation; huey finds it by the file's name. Every task may run twice."""

import logging

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from moderation import anchors

log = logging.getLogger(__name__)


@db_periodic_task(crontab(minute="7"), name="moderation.anchor")
def anchor() -> None:
    """Write every hour where the chains stand: what was rewritten before the next line could not be told."""
    try:
        anchors.write()
    except (OSError, anchors.Unreadable):
        log.exception("the ends of the record could not be written to AUDIT_ROOT")
