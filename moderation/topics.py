"""The moderators' topic and who may listen to it."""

from uuid import UUID

from accounts.callers import Caller
from interview.models import Programme
from interview.seats import may_moderate
from realtime.topics import TopicPattern


def _may_read_inbox(caller: Caller, key: str) -> bool:
    try:
        # Only the canonical spelling: two names for one topic would be two logs.
        canonical = str(UUID(key)) == key
    except ValueError:
        return False
    return canonical and may_moderate(caller.user, key) and Programme.objects.filter(pk=key).exists()


INBOX = TopicPattern("inbox", _may_read_inbox)

TOPICS = [INBOX]
