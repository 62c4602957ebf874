"""The topics of an interview and who may listen to them."""

from uuid import UUID

from accounts.callers import Caller
from interview.models import Guest, Programme, Question
from interview.models.question import may_be_receipt_token
from interview.seats import may_answer_as, may_see_desk, may_see_draft
from interview.states import PUBLIC
from realtime.topics import TopicPattern


def _is_uuid(key: str) -> bool:
    try:
        # Only the canonical spelling: two names for one topic would be two logs.
        return str(UUID(key)) == key
    except ValueError:
        return False


def _is_public(key: str) -> bool:
    # No programme leaves the public again: it is called off, not taken back.
    return _is_uuid(key) and Programme.objects.filter(pk=key, state__in=PUBLIC).exists()


def _may_read_draft(caller: Caller, key: str) -> bool:
    return _is_uuid(key) and may_see_draft(caller.user, key) and Programme.objects.filter(pk=key).exists()


def _may_read_desk(caller: Caller, key: str) -> bool:
    return _is_uuid(key) and may_see_desk(caller.user, key) and Programme.objects.filter(pk=key).exists()


def _may_read_guest(caller: Caller, key: str) -> bool:
    guest = Guest.objects.filter(pk=key).first() if _is_uuid(key) else None
    return guest is not None and may_answer_as(caller.user, guest)


def _may_read_receipt(caller: Caller, key: str) -> bool:
    # Whoever knows the token is the asker: it is as hard to guess as a password.
    return may_be_receipt_token(key) and Question.objects.filter(receipt_token=key).exists()


STAGE = TopicPattern("stage", _may_read_draft, public=_is_public)
DESK = TopicPattern("desk", _may_read_desk)
GUEST = TopicPattern("guest", _may_read_guest)
RECEIPT = TopicPattern("receipt", _may_read_receipt)

TOPICS = [STAGE, DESK, GUEST, RECEIPT]
