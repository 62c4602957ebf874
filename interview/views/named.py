"""Whom a form or an address names: a question or a guest, always of the programme whose room it is."""

from uuid import UUID

from interview.models import Guest, Programme, Question
from realtime.commands import Refused


def question_of(programme: Programme, key: str) -> Question:
    """The programme's question with this id. Raises Refused (not_found)."""
    try:
        return Question.objects.select_related("programme", "put_to").get(pk=UUID(key), programme=programme)
    except (ValueError, Question.DoesNotExist):
        raise Refused("not_found", "没有找到这个提问，可能页面已经过时。请刷新页面。") from None


def guest_of(programme: Programme, key: str) -> Guest:
    """The programme's guest with this id. Raises Refused (not_found)."""
    try:
        return Guest.objects.get(pk=UUID(key), programme=programme)
    except (ValueError, Guest.DoesNotExist):
        raise Refused("not_found", "没有找到这位嘉宾，可能页面已经过时。请刷新页面。") from None
