"""A proof of work before a question: costs a browser a second, and a script that asks by the thousand all its time (ALTCHA)."""

import base64
import binascii
import json
from datetime import timedelta
from typing import Any, Final

from altcha import ChallengeOptionsV1, create_challenge_v1, verify_solution_v1
from django.utils import timezone
from django.utils.crypto import salted_hmac

from interview.models import Programme
from moderation import rules, throttle
from moderation.models import Rules
from realtime.commands import Refused

# On average half as many hashes: about a second on an old phone.
HARDNESS: Final = 40_000
# Somebody may write for a while between the challenge and the question.
SPAN: Final = timedelta(minutes=20)
# A solution is about 300 characters; what is longer is none.
LONGEST: Final = 1_000

When = Rules.Challenge


class Wanted(Refused):
    """The question is not taken without a solved challenge."""

    def __init__(self, detail: str) -> None:
        super().__init__("challenge", detail)


def is_wanted(programme: Programme) -> bool:
    """Whether a question to this programme needs a solved challenge now. Rehearsals never need one."""
    if programme.rehearsal:
        return False
    when = rules.of(programme).challenge
    return when == When.ALWAYS or (when == When.PRESSURE and throttle.is_pressed(str(programme.pk)))


def make(*, programme: Programme, visitor: str) -> dict[str, Any]:
    """A new challenge, good for this programme and visitor for SPAN: algorithm, challenge, maxNumber, salt, signature."""
    options = ChallengeOptionsV1(hmac_key=_key(programme, visitor), max_number=HARDNESS, expires=timezone.now() + SPAN, params={"v": "1"})
    challenge: dict[str, Any] = create_challenge_v1(options).to_dict()
    return challenge


def check(*, programme: Programme, visitor: str, solution: str) -> None:
    """Return if the solution is right, for this programme and visitor, not too old, and used for the first time. Raises Wanted."""
    if not solution:
        raise Wanted("现在提问很集中，提交前要由浏览器做一次验证，大约一秒钟。如果没有自动开始，请打开浏览器的脚本功能，或稍后再提交。")
    if len(solution) > LONGEST or not _is_right(programme, visitor, solution):
        raise Wanted("验证没有通过或已经过期，请再提交一次。您写的内容还在。")
    if not throttle.spend(_salt(solution), seconds=int(SPAN.total_seconds())):
        raise Wanted("这次验证已经用过，请再提交一次。您写的内容还在。")


def _is_right(programme: Programme, visitor: str, solution: str) -> bool:
    try:
        right, _why = verify_solution_v1(solution, _key(programme, visitor), check_expires=True)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # Whatever was sent is no solution; what the library makes of it is nobody's business.
        return False
    return bool(right)


def _salt(solution: str) -> str:
    try:
        return str(json.loads(base64.b64decode(solution))["salt"])
    except (binascii.Error, ValueError):
        return solution


def _key(programme: Programme, visitor: str) -> str:
    # Bound to both by the key itself: a solution for somebody else, or for elsewhere, has another signature.
    return salted_hmac("moderation.challenge", f"{programme.pk}/{visitor}", algorithm="sha256").hexdigest()
