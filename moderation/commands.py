"""What a netizen can do over the socket: ask, and want the same answer."""

from typing import Any
from uuid import UUID

import msgspec

from accounts.callers import Caller
from interview.models import Programme
from interview.states import PUBLIC
from moderation import intake, supporting
from realtime.commands import Command, Refused


class Ask(msgspec.Struct, tag_field="op", tag="ask", forbid_unknown_fields=True):
    """=> {"op":"ask", "ref":2, "programme":uuid, "token":uuid, "nickname":"", "text":"…", "solution":"…"}"""

    ref: int
    programme: UUID
    token: UUID
    nickname: str
    text: str
    # Of a challenge, where one is wanted; absent otherwise.
    solution: str = ""


def ask(caller: Caller, frame: Ask) -> dict[str, Any]:
    """Receive the question as the form does; the answer is its receipt. Raises Refused as intake.receive(), or not_found."""
    programme = Programme.objects.filter(pk=frame.programme, state__in=PUBLIC).select_related("unit").first()
    if programme is None:
        raise Refused("not_found", "没有找到这期访谈。请回到访谈目录，从那里进入。")
    receipt = intake.receive(
        programme=programme, caller=caller, nickname=frame.nickname, text=frame.text, token=frame.token, solution=frame.solution
    )
    return answer(receipt)


class Support(msgspec.Struct, tag_field="op", tag="support", forbid_unknown_fields=True):
    """=> {"op":"support", "ref":3, "question":uuid, "wanted":true}; false takes it back."""

    ref: int
    question: UUID
    wanted: bool


def support(caller: Caller, frame: Support) -> dict[str, Any]:
    """The visitor wants the same answer, or does not any more, as by form. Raises Refused as supporting.support_or_not()."""
    question = supporting.support_or_not(key=frame.question, caller=caller, wanted=frame.wanted)
    return supporting.answer(question, wanted=frame.wanted)


def answer(receipt: intake.Receipt) -> dict[str, Any]:
    """What the asker's browser is told: the number to quote and the private address, nothing else."""
    question = receipt.question
    return {"number": question.label, "url": question.get_absolute_url(), "created": receipt.created}


COMMANDS = [Command(Ask, ask), Command(Support, support)]
