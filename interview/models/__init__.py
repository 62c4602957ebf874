"""The rows of an interview, one file a noun."""

from interview.models.entry import Entry, Revision
from interview.models.programme import Guest, Programme, Seat
from interview.models.question import Answer, Draft, Question, Support

__all__ = ["Answer", "Draft", "Entry", "Guest", "Programme", "Question", "Revision", "Seat", "Support"]
