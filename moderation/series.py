"""Supports that look stuffed: found by three simple rules, struck out in bulk by a moderator, and restored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.addresses import sender_of
from accounts.models import User
from interview import support
from interview.models import Programme, Question, Support
from interview.programmes import locked
from interview.seats import may_moderate, must
from moderation import audit
from moderation.audit import Action
from moderation.models import Record
from realtime.commands import Refused

# So many supports of one question from one address, or one /64 network of IPv6, none of them longer after the one before.
ONE_SENDER, WITHIN = 8, timedelta(minutes=10)
# So many supports of one question in a row at intervals that differ from their mean by no more than a tenth of it: people do not
# press like a clock. Intervals under a second are the rush of a crowd, and tell nothing.
IN_STEP, TOLERANCE, SHORTEST = 10, 0.1, 1.0  # supports, share, seconds
# So many supports of one question at once (support.AT_ONCE) after the visitor's cookie was made, none longer after the one before
# than WITHIN, and never outnumbered by others that came among them: a program that takes a new cookie for each. Also of a crowd that
# follows a link somebody presses that fast, but most of it reads first.
FRESH = 10
RULES: dict[str, Promise] = {
    "sender": _("同一地址（IPv6为同一个/64网段）前后相隔都不到10分钟，有8次以上"),
    "steps": _("10次以上，间隔几乎一样（相差不到一成）"),
    "fresh": _("浏览器第一次打开页面后不到3秒就按，前后相隔都不到10分钟，有10次以上，而且占同一段时间里的一半以上"),
}


@dataclass(frozen=True)
class Series:
    """Supports of one question, in the order they came, that one rule found; they may be struck out together."""

    rule: str
    question: Question
    supports: list[int]
    begin: datetime
    end: datetime

    @property
    def key(self) -> str:
        """Names it as long as its first support counts."""
        return f"{self.rule}-{self.supports[0]}"

    @property
    def words(self) -> Promise:
        """The rule, as staff read it."""
        return RULES[self.rule]

    @property
    def count(self) -> int:
        """How many supports it has."""
        return len(self.supports)


def find(programme: Programme) -> list[Series]:
    """The suspicious series of a programme that count, the longest first: two statements, and the rows of its supports in memory."""
    rows: dict[UUID, list[Support]] = {}
    supports = (
        Support.objects.filter(question__programme=programme, struck_at=None)
        .only("question", "address", "cookie_age", "at")
        .order_by("at", "pk")
    )
    for row in supports:
        rows.setdefault(row.question_id, []).append(row)
    questions = Question.objects.select_related("programme").in_bulk(rows)
    found = [
        Series(rule, questions[key], [row.pk for row in run], run[0].at, run[-1].at)
        for key, all_rows in rows.items()
        for rule, run in [*_by_sender(all_rows), *_in_step(all_rows), *_fresh(all_rows)]
    ]
    return sorted(found, key=lambda series: (-series.count, series.question.number, series.rule))


@transaction.atomic
def strike(*, programme: Programme, keys: Iterable[str], by: User) -> int:
    """The series of these keys no longer count; how many supports that were. One record for each question.

    They are found anew: what came since belongs to them, what somebody else struck out does not. Raises Refused: forbidden,
    conflict (none of them is there any more).
    """
    must(may_moderate(by, programme.pk), "您不是本期的审核员，不能剔除同问。")
    held = locked(programme)
    wanted = set(keys)
    chosen = [series for series in find(held) if series.key in wanted]
    struck = 0
    for question in {series.question.pk: series.question for series in chosen}.values():
        mine = [series for series in chosen if series.question == question]
        supports = support.strike(question=question, supports={key for series in mine for key in series.supports}, by=by)
        rules = sorted({series.rule for series in mine})
        audit.record(action=Action.SUPPORT_STRIKE, by=by, question=question, data={"rules": rules, "supports": supports})
        struck += len(supports)
    if not struck:
        raise Refused("conflict", "这些同问已经剔除或取消，请刷新页面。")
    return struck


@transaction.atomic
def restore(*, record: Record, by: User) -> int:
    """What a record says was struck out counts again; how many supports that were. Raises Refused: forbidden, conflict (done already)."""
    question = record.question
    if record.action != Action.SUPPORT_STRIKE or question is None:
        raise Refused("not_found", "没有找到这一次剔除。")
    must(may_moderate(by, question.programme_id), "您不是本期的审核员，不能恢复同问。")
    locked(question.programme)
    supports = support.restore(question=question, supports=record.data.get("supports", []))
    if not supports:
        raise Refused("conflict", "这一次剔除的同问已经恢复。")
    audit.record(action=Action.SUPPORT_STRIKE, by=by, question=question, data={"restored": supports, "of": record.number})
    return len(supports)


def struck_in(programme: Programme, *, most: int) -> list[Record]:
    """The latest strikes that can be undone, the latest first: two statements."""
    rows = Record.objects.filter(programme=programme, action=Action.SUPPORT_STRIKE).select_related("question__programme", "by")
    latest = list(rows.order_by("-number")[: most * 2])
    undone = {row.data["of"] for row in latest if "of" in row.data}
    return [row for row in latest if "supports" in row.data and row.number not in undone][:most]


def _by_sender(rows: list[Support]) -> Iterator[tuple[str, list[Support]]]:
    senders: dict[str, list[Support]] = {}
    for row in rows:
        if row.address:
            senders.setdefault(sender_of(row.address), []).append(row)
    for sent in senders.values():
        run: list[Support] = []
        for row in sent:
            if run and row.at - run[-1].at > WITHIN:
                if len(run) >= ONE_SENDER:
                    yield "sender", run
                run = []
            run.append(row)
        if len(run) >= ONE_SENDER:
            yield "sender", run


def _in_step(rows: list[Support]) -> Iterator[tuple[str, list[Support]]]:
    start = 0
    while start + IN_STEP <= len(rows):
        end = start + IN_STEP
        if not _is_even(rows[start:end]):
            start += 1
            continue
        while end < len(rows) and _is_even(rows[end - IN_STEP + 1 : end + 1]):
            end += 1
        yield "steps", rows[start:end]
        start = end


def _is_even(rows: list[Support]) -> bool:
    gaps = [(later.at - row.at).total_seconds() for row, later in pairwise(rows)]
    mean = sum(gaps) / len(gaps)
    return mean >= SHORTEST and max(abs(gap - mean) for gap in gaps) <= mean * TOLERANCE


def _fresh(rows: list[Support]) -> Iterator[tuple[str, list[Support]]]:
    run: list[Support] = []
    others = 0
    for row in rows:
        if run and (others > len(run) or row.at - run[-1].at > WITHIN):
            if len(run) >= FRESH:
                yield "fresh", run
            run, others = [], 0
        if row.cookie_age is not None:
            run.append(row)
        elif run:
            others += 1
    if len(run) >= FRESH:
        yield "fresh", run
