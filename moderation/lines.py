"""What staff and askers write beside a question: cleaned, measured, and refused with a sentence that helps."""

from interview.text import TooLong, clean
from realtime.commands import Refused

# The column of a hold, of an appeal, of a reason; what an asker's page shows without scrolling.
LIMIT = 300


def measured(text: str, *, field: str, what: str, needed: bool = False, limit: int = LIMIT) -> str:
    """The cleaned text of at most `limit` characters. Raises Refused (invalid) for `field`: too long, or empty although needed.

    `what` names it in the sentence, such as 给提问人的话.
    """
    try:
        words = clean(text)
    except TooLong as refusal:
        raise _too_long(field, what, int(refusal.args[0]), limit) from None
    if len(words) > limit:
        raise _too_long(field, what, len(words), limit)
    if needed and not words:
        raise Refused("invalid", f"请写下{what}。空格和看不见的字符不算文字。", {field: ["请填写。"]})
    return words


def _too_long(field: str, what: str, length: int, limit: int) -> Refused:
    return Refused("invalid", f"{what}有{length}字，最多{limit}字，请删去{length - limit}字。", {field: ["太长。"]})
