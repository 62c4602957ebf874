"""Readers say that a shown question should not stand in public; moderators look at it again."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.addresses import storable
from accounts.callers import Caller
from accounts.models import User
from interview.models import Question
from interview.states import SHOWN, ProgrammeState
from interview.text import clean_line
from moderation import audit, decisions, inbox, settlement, throttle
from moderation.audit import Action
from moderation.models import Report
from realtime.commands import Refused

LIMIT = 300  # characters of what a reader says
REASONS = tuple(Report.Reason)


def report(*, question: Question, caller: Caller, reason: Any, words: Any) -> Report:
    """A reader's report is kept, for moderators only; the second one of the same reader on the same question is the first.

    Raises Refused: no_visitor, invalid (with fields), throttled, not_found (not shown any more), closed (archived).
    """
    if caller.visitor is None:
        raise Refused("no_visitor", "浏览器没有接受本站的 Cookie，举报没有提交。请允许 Cookie 后刷新页面，再提交一次。")
    text = clean_line(str(words)[: LIMIT * 4])
    problems = {}
    if reason not in Report.Reason.values:
        problems["reason"] = ["请选择举报的原因。"]
    if len(text) > LIMIT:
        problems["words"] = [f"最多{LIMIT}字。"]
    if problems:
        raise Refused("invalid", "举报没有提交，请改正标出的地方。", problems)
    throttle.take(throttle.Reporter(caller.visitor, None if question.programme.rehearsal else caller.address))
    with transaction.atomic():
        held = Question.objects.select_for_update(of=("self",)).select_related("programme").get(pk=question.pk)
        if held.state not in SHOWN:
            raise Refused("not_found", "没有找到这个提问，它可能已经撤下。请刷新页面。")
        if held.programme.state == ProgrammeState.ARCHIVED:
            raise Refused("closed", "访谈已经归档，请用页面下方的联系方式告诉我们。")
        row, created = Report.objects.get_or_create(
            question=held,
            visitor=caller.visitor,
            defaults={"address": storable(caller.address), "reason": reason, "words": text},
        )
        if created:
            inbox.report(held)
    return row


@transaction.atomic
def settle(*, question: Question, take_back: bool, by: User) -> int:
    """What readers reported is looked at: the question stays, or its approval is taken back; the count of settled reports.

    Raises Refused: forbidden, conflict (settled already, or it can no longer be taken back).
    """
    held = settlement.under_lock(question, by=by)
    rows = Report.objects.filter(question=held, settled_at=None)
    count = rows.count()
    if not count:
        raise Refused("conflict", f"对提问 {held.label} 的举报已经处理过。")
    audit.record(action=Action.REPORT_SETTLE, by=by, question=held, data={"reports": count, "taken_back": take_back})
    rows.update(settled_at=timezone.now(), settled_by=by)
    if take_back:
        decisions.take_back(question=held, by=by)
    else:
        inbox.report(held)
    return count
