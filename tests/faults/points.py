"""The points on the way of a question at which a process is made to die: see tests/faults/crashing.py."""

EXIT_CODE = 137
# In the order in which a question comes by. Here nothing of it is stored yet...
UNSTORED = ("before question", "after question", "before number", "after number", "before event", "after event", "before commit")
# ... and here all of it is.
STORED = ("after commit", "before bell", "after bell", "before answer", "after answer")
POINTS = (*UNSTORED, *STORED)
