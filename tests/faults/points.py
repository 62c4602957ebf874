"""The points at which a process is made to die, on its way with one piece of work: see tests/faults/crashing.py."""

import re

EXIT_CODE = 137
# How the statements on the way are known, on both databases.
STATEMENTS = {
    "question": re.compile(r'INSERT INTO "interview_question"'),
    "number": re.compile(r'UPDATE "?realtime_topic"? SET "?head|INSERT INTO "?realtime_topic'),
    "event": re.compile(r'INSERT INTO "?realtime_event'),
    "record": re.compile(r'INSERT INTO "moderation_record"'),
    "state": re.compile(r'UPDATE "interview_question" SET'),
    "words": re.compile(r'UPDATE "realtime_event" SET'),
    "generation": re.compile(r'UPDATE "realtime_topic" SET "generation"'),
    "prune": re.compile(r'DELETE FROM "realtime_event"'),
    "table": re.compile(r'CREATE TABLE "interview_question"'),
    "migration": re.compile(r'INSERT INTO "django_migrations"'),
}


def _before_and_after(*places: str) -> tuple[str, ...]:
    return tuple(f"{when} {place}" for place in places for when in ("before", "after"))


# Always in the order in which the work comes by. Where the commit is past, all of it is stored, ...
STORED = ("after commit", *_before_and_after("bell", "answer"))
# ... and before it nothing: of a question,
UNSTORED = (*_before_and_after("question", "number", "event"), "before commit")
# of a decision of a moderator's,
UNDECIDED = (*_before_and_after("record", "state"), "before commit")
# of a question that is withdrawn, whose words leave the log, and whose segments get new addresses by the generation.
NOT_WITHDRAWN = (*_before_and_after("words", "generation"), "before commit")
# Of a process that was told to end, whose readers are told so and then closed.
LEAVING = _before_and_after("bye", "close")
PRUNING = _before_and_after("prune", "commit")
MIGRATING = _before_and_after("table", "migration")
