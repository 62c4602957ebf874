"""From a netizen's browser into the inbox: limits, cleaning, a number, a receipt."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import addresses
from accounts.callers import Caller
from interview import questions
from interview.models import Programme, Question
from interview.programmes import locked
from interview.seats import may_see_draft
from moderation import blocks, challenge, holds, inbox, indexing, merging, rules, settlement, throttle, vocabulary, wordings
from moderation.forms import AskForm
from moderation.screening.findings import Consequence
from moderation.screening.screened import Screened
from realtime.commands import Refused


@dataclass(frozen=True)
class Receipt:
    """The stored question; `created` is False where the same token was sent before."""

    question: Question
    created: bool


def receive(*, programme: Programme, caller: Caller, nickname: Any, text: Any, token: Any, solution: str = "") -> Receipt:
    """The question is committed, numbered, and in every moderator's inbox; its receipt may be shown.

    The values are what the browser sent; AskForm says what they must be. The same token again gives the first receipt
    and counts against no limit. `solution` is that of a challenge, where one is wanted (challenge.py).
    Raises Refused: invalid (with fields), no_visitor, forbidden, blocked, sign_in, challenge, throttled, closed, conflict.
    """
    refuse_staff(programme, caller)
    if caller.visitor is None:
        raise Refused("no_visitor", "浏览器没有接受本站的 Cookie，提问没有提交。请允许 Cookie 后刷新页面，再提交一次。")
    form = AskForm({"nickname": nickname, "text": text, "token": token}, programme=programme)
    if not form.is_valid():
        fields = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        raise Refused("invalid", "".join(error for errors in fields.values() for error in errors), fields)
    if not _known(programme, form.cleaned_data["token"]):
        _guard(programme, caller, form.cleaned_data["token"], solution)
    return _store(programme, caller.visitor, caller.address, **form.cleaned_data)


def refuse_staff(programme: Programme, caller: Caller) -> None:
    """Raise Refused (forbidden) for whoever works on this programme: they never speak as a netizen."""
    if may_see_draft(caller.user, programme.pk):
        raise Refused("forbidden", "您已作为工作人员登录，不能以网友的身份提问。请先退出登录，或换一个浏览器。")


def asker_of(programme: Programme, *, visitor: str, address: str) -> throttle.Asker:
    """Whose questions are counted. A rehearsal is played by many netizens from one machine, and as fast as it goes."""
    if programme.rehearsal:
        return throttle.Asker(visitor, None)
    return throttle.Asker(visitor, address, str(programme.pk))


def read(text: str) -> Screened:
    """What screening sees in a text of a netizen's. Raises Refused (invalid) for what an editor wants to have refused at once."""
    seen = vocabulary.look(text)
    refused = [finding.found for finding in seen.findings if finding.consequence is Consequence.REFUSE]
    if refused:
        words = "、".join(f"“{word}”" for word in dict.fromkeys(refused))
        raise Refused("invalid", f"提问里有{words}，按本站规定不能提交。请改写以后再提交；您写的内容还在。", {"text": [f"请改写{words}。"]})
    return seen


def withdraw(*, token: str) -> Question:
    """The asker took the question back: it is gone from every page and its words from every log.

    Raises Question.DoesNotExist for a token nobody was given, Refused (conflict) once it is answered, declined or withdrawn.
    """
    with transaction.atomic():
        before = merging.release(questions.find(token))
        question = questions.withdraw(before)
        settlement.end(question)
        indexing.forget(question)
        inbox.forget(question)
        if before.merged_into is not None:
            merging.show(before.merged_into)
    return question


def _store(programme: Programme, visitor: str, address: str, *, nickname: str, text: str, token: UUID) -> Receipt:
    asker = asker_of(programme, visitor=visitor, address=address)
    seen = read(text)
    with transaction.atomic():
        held = locked(programme)
        # Asked again under the lock: of the same question sent twice at once, the second finds the first one here.
        if held.takes_questions and not _known(held, token):
            throttle.take(asker)
        question, created = questions.submit(
            programme=held,
            client_token=token,
            nickname=nickname,
            text=seen.masked,
            digest=questions.digest_of(nickname=nickname, text=text),
            visitor=visitor,
            address=addresses.storable(address),
        )
        if created:
            wordings.add(question=question, text=text, by=None, findings=seen.findings)
            if seen.consequence is Consequence.HOLD:
                holds.hold_by_rule(question, seen.findings)
            indexing.remember(question)
            inbox.arrive(question)
    return Receipt(question, created)


def _guard(programme: Programme, caller: Caller, token: UUID, solution: str) -> None:
    if programme.takes_questions:
        blocks.refuse_if_blocked(programme=programme, caller=caller)
    # The cheap limits first, so that a flood never reaches what costs more; a closed programme asks nothing of anybody.
    visitor = str(caller.visitor)
    throttle.look(asker_of(programme, visitor=visitor, address=caller.address), token=token)
    if not programme.takes_questions:
        return
    if rules.of(programme).sign_in_required and caller.user is None:
        raise Refused("sign_in", "本期要求登录后提问。请先登录，再回到这里提交；您写的内容还在。")
    if challenge.is_wanted(programme):
        challenge.check(programme=programme, visitor=visitor, solution=solution)


def _known(programme: Programme, token: UUID) -> bool:
    return Question.objects.filter(programme=programme, client_token=token).exists()
