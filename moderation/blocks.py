"""Who may not ask for a while: a visitor or a range of addresses, on one programme or on all, until a time or until it is lifted."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from accounts.addresses import range_of
from accounts.callers import Caller
from accounts.models import User
from accounts.roles import is_editor
from interview.models import Programme, Question
from interview.programmes import locked
from interview.seats import may_moderate, must
from interview.text import clean_line
from moderation import audit
from moderation.audit import Action
from moderation.models import Block
from realtime.commands import Refused

# For how long, in days; 0 is for good.
DAYS = (1, 7, 30, 365, 0)
LIMIT = 300  # characters of a reason and of an appeal
VISITOR, NETWORK = "visitor", "network"


def refuse_if_blocked(*, programme: Programme, caller: Caller) -> None:
    """Raise Refused (blocked) with the reason, the end and the address of the appeal. One statement. Called by intake."""
    who = Q(visitor=caller.visitor or "?")
    # A rehearsal is played by many netizens from one machine.
    network = None if programme.rehearsal else range_of(caller.address)
    if network is not None:
        who |= Q(network=network)
    block = in_force().filter(who, Q(programme=programme) | Q(programme=None)).order_by("pk").first()
    if block is not None:
        address = f"/blocks/{block.appeal_token}/"
        detail = f"您{until(block)}不能提问，原因：{block.reason}。认为不对，可以申诉一次：{address}"
        raise Refused("blocked", detail, {"appeal": [address]})


def in_force() -> QuerySet[Block]:
    """The blocks that hold now."""
    return Block.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), lifted_at=None)


def listed(programme: Programme) -> QuerySet[Block]:
    """What staff of a programme see: its own blocks and those of all programmes; appeals that wait first, then the latest."""
    waits = Case(When(appealed_at__isnull=False, appeal_settled_at=None, lifted_at=None, then=0), default=1)
    rows = Block.objects.filter(Q(programme=programme) | Q(programme=None)).select_related("by", "lifted_by", "programme")
    return rows.order_by(waits, "-at", "-pk")


def until(block: Block) -> str:
    """The end as it is told: 在2010年8月6日 14:00以前, or 一直."""
    if block.until is None:
        return "一直"
    end = timezone.localtime(block.until)
    return f"在{end.year}年{end.month}月{end.day}日 {end:%H:%M}以前"


@transaction.atomic
def block(*, question: Question, scope: str, everywhere: bool, days: int, reason: str, by: User) -> Block:
    """Whoever asked this question (`visitor`), or everybody in its range of addresses (`network`), may not ask.

    On the question's programme or, by an editor, everywhere; for so many days, 0 for good. The question stays as it is.
    Raises Refused: forbidden, invalid (with fields), conflict (blocked already).
    """
    _must_reach(by, None if everywhere else question.programme)
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能限制提问。")
    words = clean_line(reason[: LIMIT * 4])
    target = _target(question, scope, days, words)
    held = locked(question.programme)
    programme = None if everywhere else held
    if in_force().filter(**target, programme=programme).exists():
        raise Refused("conflict", "已经限制过，还没有到期。")
    now = timezone.now()
    row = Block(programme=programme, reason=words, by=by, at=now, until=now + timedelta(days=days) if days else None, **target)
    data = {"block": str(row.pk), "scope": scope, "days": days, "question": str(question.pk)}
    if everywhere:
        audit.record(action=Action.BLOCK, by=by, words=words, data=data)
    else:
        audit.record(action=Action.BLOCK, by=by, question=question, words=words, data=data)
    row.save()
    return row


@transaction.atomic
def settle(*, block: Block, lift: bool, by: User) -> Block:
    """The block is lifted, or an appeal against it is turned down. Raises Refused: forbidden, conflict (lifted, or nothing to settle)."""
    _must_reach(by, block.programme)
    held = _locked(block)
    if held.lifted_at is not None:
        raise Refused("conflict", "这项限制已经解除。")
    waits = held.appealed_at is not None and held.appeal_settled_at is None
    if not lift and not waits:
        raise Refused("conflict", "没有等待处理的申诉。")
    now = timezone.now()
    if lift:
        held.lifted_at, held.lifted_by = now, by
    if waits:
        held.appeal_settled_at = now
    audit.record(
        action=Action.UNBLOCK if lift else Action.BLOCK_APPEAL, by=by, programme=held.programme,
        data={"block": str(held.pk), "kept": not lift, "appeal": waits},
    )  # fmt: skip
    held.save(update_fields=["lifted_at", "lifted_by", "appeal_settled_at"])
    return held


@transaction.atomic
def appeal(*, token: str, words: str) -> Block:
    """Whoever is blocked objects, once; the same words again are the same appeal.

    Raises Block.DoesNotExist for a token nobody was told, Refused: invalid, conflict (appealed already), closed (over).
    """
    text = clean_line(words[: LIMIT * 4])
    if not text or len(text) > LIMIT:
        raise Refused("invalid", f"请写明为什么不该限制，最多{LIMIT}字。", {"words": [f"1到{LIMIT}字。"]})
    held = _locked(find(token))
    if held.appealed_at is not None:
        if held.appeal_words == text:
            return held
        raise Refused("conflict", "这项限制已经申诉过一次，不能再申诉。")
    if not held.holds:
        raise Refused("closed", "这项限制已经结束，不用申诉，可以提问了。")
    audit.record(action=Action.BLOCK_APPEAL, by=None, programme=held.programme, data={"block": str(held.pk)})
    held.appeal_words, held.appealed_at = text, timezone.now()
    held.save(update_fields=["appeal_words", "appealed_at"])
    return held


def find(token: str) -> Block:
    """The block of an appeal's address. Raises Block.DoesNotExist."""
    return Block.objects.select_related("programme").get(appeal_token=token)


def may_settle(user: User, block: Block) -> bool:
    """A moderator on their programme, an editor everywhere."""
    return is_editor(user) if block.programme_id is None else may_moderate(user, block.programme_id)


def _target(question: Question, scope: str, days: int, words: str) -> dict[str, str]:
    problems = {}
    if not words or len(words) > LIMIT:
        problems["reason"] = [f"请写明原因，最多{LIMIT}字；被限制的人会读到。"]
    if days not in DAYS:
        problems["days"] = ["请选择多久。"]
    network = range_of(question.address or "")
    if scope not in {VISITOR, NETWORK}:
        problems["scope"] = ["请选择限制谁。"]
    elif scope == NETWORK and network is None:
        problems["scope"] = ["这个提问没有留下网络地址，只能限制提问人的浏览器。"]
    if problems:
        raise Refused("invalid", "没有限制，请改正标出的地方。", problems)
    return {"network": str(network)} if scope == NETWORK else {"visitor": question.visitor}


def _must_reach(by: User, programme: Programme | None) -> None:
    if programme is None:
        must(is_editor(by), "只有编辑可以限制或解除所有访谈的提问。")
    else:
        must(may_moderate(by, programme.pk), "您不是本期的审核员，不能限制提问或解除限制。")


def _locked(block: Block) -> Block:
    # Programme first, as everywhere.
    if block.programme is not None:
        locked(block.programme)
    return Block.objects.select_for_update(of=("self",)).select_related("programme").get(pk=block.pk)
