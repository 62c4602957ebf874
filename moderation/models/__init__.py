"""The rows of moderation, one file a noun."""

from moderation.models.appeal import Appeal
from moderation.models.block import Block
from moderation.models.fingerprint import Fingerprint, Indexed
from moderation.models.hold import Hold
from moderation.models.lease import LEASE_SPAN, Lease
from moderation.models.note import Note
from moderation.models.reason_text import ReasonText
from moderation.models.record import AppendOnly, Chain, Record
from moderation.models.report import Report
from moderation.models.rules import Rules
from moderation.models.word_list import Word, WordList
from moderation.models.wording import Wording

__all__ = [
    "LEASE_SPAN",
    "Appeal",
    "AppendOnly",
    "Block",
    "Chain",
    "Fingerprint",
    "Hold",
    "Indexed",
    "Lease",
    "Note",
    "ReasonText",
    "Record",
    "Report",
    "Rules",
    "Word",
    "WordList",
    "Wording",
]
