"""The life of a programme: planned, announced, put off, opened, closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import is_editor
from interview import questions, transcript
from interview.models import Programme, Seat
from interview.models.programme import LONGEST_MINUTES
from interview.programmes import lead_days, locked
from interview.seats import may_lead, must
from interview.states import PROGRAMME_MOVES, ProgrammeState, sources
from interview.text import clean
from realtime.commands import Refused

State = ProgrammeState

# Cities ask for one to seven days between announcement and start; under three we warn.
SHORT_LEAD_DAYS = 3
NOTICE_LIMIT = 1_000


@dataclass(frozen=True)
class Warning:  # noqa: A001 - the word of the field for what a checklist says
    """One line of the checklist before an announcement or a start: what is missing, and whether it forbids going on."""

    code: str
    detail: str
    forbids: bool = False


def warnings(programme: Programme) -> list[Warning]:
    """What an editor should know before going on, worst first."""
    found = []
    seats = set(programme.seats.values_list("role", flat=True))
    guests = list(programme.guests.all())
    if programme.state in {State.DRAFT, State.POSTPONED, State.ANNOUNCED} and programme.planned_start <= timezone.now():
        found.append(Warning("past", _("计划开始时间已经过去。"), forbids=programme.state != State.ANNOUNCED))
    if not guests:
        found.append(Warning("no_guest", _("还没有嘉宾。")))
    if Seat.Role.MODERATOR not in seats:
        found.append(Warning("no_moderator", _("还没有审核员，网友的提问无人初筛。")))
    if Seat.Role.HOST not in seats:
        found.append(Warning("no_host", _("还没有主持人，到时无人开场。")))
    if Seat.Role.STENOGRAPHER not in seats:
        found.append(Warning("no_stenographer", _("还没有速录员，嘉宾需要自己打字。")))
    unseated = [guest.name for guest in guests if not guest.seats.exists()]
    if unseated:
        found.append(Warning("guest_without_seat", _("嘉宾还没有账号：%(names)s。由速录员代录也可以。") % {"names": "、".join(unseated)}))
    if programme.state in {State.DRAFT, State.POSTPONED} and lead_days(programme) < SHORT_LEAD_DAYS:
        found.append(Warning("short_lead", _("距开始不足%(days)s天，一般应提前7天预告。") % {"days": SHORT_LEAD_DAYS}))
    if not programme.introduction:
        found.append(Warning("no_introduction", _("还没有简介，网友不知道可以问什么。")))
    return sorted(found, key=lambda warning: not warning.forbids)


def create(*, by: User, **fields: Any) -> Programme:
    """Plan a programme as a draft from the cleaned fields of its form. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以新建访谈。")
    return Programme.objects.create(created_by=by, **fields)


@transaction.atomic
def plan(*, programme: Programme, by: User, **fields: Any) -> Programme:
    """Change the plan; once announced the public sees the change at once. Raises Refused (forbidden, closed)."""
    must(is_editor(by), "只有编辑可以修改访谈。")
    held = locked(programme)
    if held.state in {State.ENDED, State.ARCHIVED, State.CANCELLED}:
        raise Refused("closed", "访谈已经结束，计划不能再改。")
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=list(fields))
    if held.is_public:
        transcript.show_state(held)
    return held


@transaction.atomic
def announce(*, programme: Programme, by: User) -> Programme:
    """Announce a draft, or a postponed programme anew: from now on it is public and takes questions. Raises Refused."""
    must(is_editor(by), "只有编辑可以发布预告。")
    for warning in warnings(programme):
        if warning.forbids:
            raise Refused("invalid", f"不能预告：{warning.detail}")
    return _move(programme, State.ANNOUNCED, announced_at=timezone.now(), notice="")


@transaction.atomic
def postpone(*, programme: Programme, notice: str, by: User, planned_start: datetime | None = None) -> Programme:
    """Put an announced programme off with a public notice; questions asked so far are kept. Raises Refused."""
    must(is_editor(by), "只有编辑可以延期。")
    words = _notice(notice)
    if planned_start and planned_start <= timezone.now():
        raise Refused("invalid", "新的时间已经过去，没有延期。", {"planned_start": ["请写将来的时间，还没有定可以不填。"]})
    fields = {"planned_start": planned_start} if planned_start else {}
    moved = _move(programme, State.POSTPONED, notice=words, **fields)
    transcript.publish_notice(moved, text=words, by=by)
    return moved


@transaction.atomic
def cancel(*, programme: Programme, notice: str, by: User) -> Programme:
    """Call a programme off with a public notice; nothing is deleted. Raises Refused."""
    must(is_editor(by), "只有编辑可以取消访谈。")
    words = _notice(notice)
    moved = _move(programme, State.CANCELLED, notice=words)
    transcript.publish_notice(moved, text=words, by=by)
    return moved


@transaction.atomic
def open(*, programme: Programme, by: User) -> Programme:  # noqa: A001 - the host opens an interview
    """The host opens; the planned time only reminds. Raises Refused."""
    must(may_lead(by, programme.pk), "只有主持人可以开始访谈。")
    moved = _move(programme, State.LIVE, opened_at=timezone.now())
    transcript.publish_notice(moved, text="访谈开始。", by=by)
    return moved


@transaction.atomic
def extend(*, programme: Programme, minutes: int, by: User) -> Programme:
    """The host extends a live programme, to LONGEST_MINUTES at most. Raises Refused (forbidden, closed, invalid)."""
    must(may_lead(by, programme.pk), "只有主持人可以延长访谈。")
    held = locked(programme)
    if held.state != State.LIVE:
        raise Refused("closed", "访谈不在直播中。")
    if not 1 <= minutes <= LONGEST_MINUTES - held.planned_minutes:
        raise Refused("invalid", f"一期访谈最长{LONGEST_MINUTES}分钟，现在计划{held.planned_minutes}分钟。")
    held.planned_minutes += minutes
    held.save(update_fields=["planned_minutes"])
    transcript.publish_notice(held, text=f"访谈延长{minutes}分钟。", by=by)
    transcript.show_state(held)
    return held


@transaction.atomic
def close(*, programme: Programme, by: User) -> Programme:
    """The host closes: approved and unanswered questions become owed, those not screened stay to be screened. Raises Refused."""
    must(may_lead(by, programme.pk), "只有主持人可以结束访谈。")
    moved = _move(programme, State.ENDED, closed_at=timezone.now())
    owed = questions.owe_all(moved)
    rest = f"还有{owed}个提问没有来得及回答，将在5个工作日内书面答复。" if owed else "所有通过的提问都已答复。"
    transcript.publish_notice(moved, text=f"访谈结束。{rest}", by=by)
    return moved


@transaction.atomic
def archive(*, programme: Programme, by: User) -> Programme:
    """Proofread and ready: the programme is archived; archived again it stays so. Called by the archive. Raises Refused."""
    must(is_editor(by), "只有编辑可以归档。")
    held = locked(programme)
    return held if held.state == State.ARCHIVED else _move(held, State.ARCHIVED, archived_at=timezone.now())


def minutes_left(programme: Programme) -> int:
    """Whole minutes to the planned end, rounded down: negative from the first second over."""
    return (programme.planned_end - timezone.now()) // timedelta(minutes=1)


def _move(programme: Programme, target: State, **fields: Any) -> Programme:
    held = locked(programme)
    allowed = sources(PROGRAMME_MOVES, target)
    if held.state not in allowed or not Programme.objects.filter(pk=held.pk, state=held.state).update(state=target, **fields):
        raise Refused("conflict", f"访谈现在是“{held.get_state_display()}”，这一步没有执行。")
    moved = Programme.objects.select_related("unit").get(pk=held.pk)
    transcript.show_state(moved)
    return moved


def _notice(text: str) -> str:
    words = clean(text)
    if not words:
        raise Refused("invalid", "请写一段给公众的公告。", {"notice": ["请写公告。"]})
    if len(words) > NOTICE_LIMIT:
        raise Refused("invalid", f"公告最多{NOTICE_LIMIT}字。", {"notice": ["太长。"]})
    return words
