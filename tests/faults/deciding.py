"""Moderators who decide at the same instant, on a database of their own: `python -m tests.faults.deciding QUESTIONS SEED`

Makes the tables, plays tests/moderation/races.py so many times, a hundred in each programme, and ends with one JSON object: questions,
attempts, told (how many heard what), wrong (the sentences), seconds.
"""

import json
import sys
import time
from collections import Counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.moderation.races import play  # noqa: E402

# What is published of a programme is read again after each race.
IN_ONE_PROGRAMME = 100


def main(questions: int, seed: int) -> dict[str, object]:
    """Play them all."""
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    found = [play(questions=min(IN_ONE_PROGRAMME, questions - start), seed=seed + start) for start in range(0, questions, IN_ONE_PROGRAMME)]
    return {
        "questions": sum(each.questions for each in found),
        "attempts": sum(each.attempts for each in found),
        "told": sum((each.outcomes for each in found), Counter()),
        "wrong": [flaw for each in found for flaw in each.wrong],
        "seconds": round(time.monotonic() - began, 1),
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), ensure_ascii=False))
