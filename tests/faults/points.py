"""The points on the way of a question at which a process is made to die: see tests/faults/crashing.py."""

import re

EXIT_CODE = 137
# How the statements on its way are known, on both databases.
STATEMENTS = {
    "question": re.compile(r"INSERT INTO \"interview_question\""),
    "number": re.compile(r"(UPDATE|INSERT INTO) \"?realtime_topic"),
    "event": re.compile(r"INSERT INTO \"?realtime_event"),
}
# In the order in which a question comes by. Here nothing of it is stored yet...
UNSTORED = ("before question", "after question", "before number", "after number", "before event", "after event", "before commit")
# ... and here all of it is.
STORED = ("after commit", "before bell", "after bell", "before answer", "after answer")
POINTS = (*UNSTORED, *STORED)
