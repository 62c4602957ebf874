"""The staff rooms of a programme: which ones a person may enter, and where their next step is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Programme, Seat
from interview.states import PUBLIC, UNDECIDED, QuestionState
from interview.states import ProgrammeState as State

Role = Seat.Role
EDITOR = "editor"


@dataclass(frozen=True)
class Room:
    """One page of work on a programme; `name` is the name of its address, `states` when there is something to do in it."""

    name: str
    label: Promise
    roles: frozenset[str]
    states: frozenset[State]

    def address(self, programme: Programme) -> str:
        """Where the room is for this programme."""
        return reverse(self.name, args=[programme.pk])


_ON_AIR = frozenset({State.ANNOUNCED, State.LIVE, State.ENDED})
# The same rights as in seats.py, told once more for the navigation; a test holds the two together.
ROOMS = (
    Room("plan", _("策划"), frozenset({EDITOR}), frozenset(State)),
    Room("inbox", _("审核"), frozenset({EDITOR, Role.MODERATOR}), PUBLIC),
    Room("desk", _("答问台"), frozenset({EDITOR, Role.HOST}), _ON_AIR),
    Room("sheet", _("答题"), frozenset({Role.GUEST}), _ON_AIR),
    Room("typist", _("速录"), frozenset({EDITOR, Role.HOST, Role.STENOGRAPHER}), _ON_AIR),
    Room("proof", _("校对"), frozenset({EDITOR}), frozenset({State.LIVE, State.ENDED, State.ARCHIVED})),
)

# What is to be done now, by state and role: the room, and the sentence on the button.
STEPS: dict[tuple[State, str], tuple[str, Promise]] = {
    (State.DRAFT, EDITOR): ("plan", _("补全安排，发布预告")),
    (State.ANNOUNCED, Role.HOST): ("desk", _("开场前检查")),
    (State.ANNOUNCED, Role.MODERATOR): ("inbox", _("审核提前的提问")),
    (State.ANNOUNCED, Role.STENOGRAPHER): ("typist", _("熟悉发言人和按键")),
    (State.ANNOUNCED, Role.GUEST): ("sheet", _("看看答复页")),
    (State.ANNOUNCED, EDITOR): ("plan", _("查看安排和检查表")),
    (State.POSTPONED, EDITOR): ("plan", _("定新时间，重新预告")),
    (State.LIVE, Role.HOST): ("desk", _("主持访谈")),
    (State.LIVE, Role.GUEST): ("sheet", _("答复提问")),
    (State.LIVE, Role.STENOGRAPHER): ("typist", _("记录发言")),
    (State.LIVE, Role.MODERATOR): ("inbox", _("审核提问")),
    (State.LIVE, EDITOR): ("desk", _("查看答问台")),
    (State.ENDED, Role.MODERATOR): ("inbox", _("审完剩下的提问")),
    (State.ENDED, EDITOR): ("proof", _("校对并归档")),
    (State.ARCHIVED, EDITOR): ("proof", _("更正或登记书面答复")),
}

# On air first, then what waits for the editor, then what comes.
URGENCY = [State.LIVE, State.ENDED, State.ANNOUNCED, State.POSTPONED, State.DRAFT, State.ARCHIVED, State.CANCELLED]


@dataclass(frozen=True)
class Work:
    """A programme as one person sees it at the start of the day: their seats, the rooms open to them, the next step."""

    programme: Programme
    roles: list[str]
    rooms: list[Room]
    step: Room | None
    sentence: Promise | str

    @property
    def seats(self) -> list[str]:
        """The person's seats in words."""
        return [str(Role(role).label) for role in self.roles if role in Role.values]

    @property
    def address(self) -> str:
        """Where the next step is."""
        return self.step.address(self.programme) if self.step else ""


def open_to(user: User, programme: Programme) -> list[Room]:
    """The rooms of a programme that the user may enter and has work in, in the order of the work."""
    return _rooms(programme, _roles(user, programme))


def work_of(user: User) -> list[Work]:
    """The programmes on which the user has a seat, the most urgent first."""
    mine = _counted().filter(seats__user=user).distinct()
    return _by_urgency(_work(programme, [seat.role for seat in programme.seats.all() if seat.user_id == user.pk]) for programme in mine)


def work_of_editors() -> list[Work]:
    """Every programme but rehearsals, as an editor sees it, the most urgent first."""
    return _by_urgency(_work(programme, [EDITOR]) for programme in _counted().filter(rehearsal=False))


def _counted() -> QuerySet[Programme]:
    return (
        Programme.objects.select_related("unit")
        .prefetch_related("seats", "guests")
        .annotate(
            unscreened=Count("questions", filter=Q(questions__state__in=UNDECIDED), distinct=True),
            approved=Count("questions", filter=Q(questions__state=QuestionState.APPROVED), distinct=True),
            owed=Count("questions", filter=Q(questions__state=QuestionState.OWED), distinct=True),
            answered=Count("questions", filter=Q(questions__state=QuestionState.ANSWERED), distinct=True),
        )
    )


def _roles(user: User, programme: Programme) -> list[str]:
    roles = list(Seat.objects.filter(programme=programme, user=user).values_list("role", flat=True))
    return [*roles, EDITOR] if is_editor(user) else roles


def _rooms(programme: Programme, roles: Iterable[str]) -> list[Room]:
    return [room for room in ROOMS if room.roles & set(roles) and programme.state in room.states]


def _work(programme: Programme, roles: list[str]) -> Work:
    steps = [
        STEPS[State(programme.state), role] for role in [*Role.values, EDITOR] if role in roles and (State(programme.state), role) in STEPS
    ]
    name, sentence = steps[0] if steps else ("", "")
    step = next((room for room in ROOMS if room.name == name), None)
    return Work(programme, sorted(roles), _rooms(programme, roles), step, sentence)


def _by_urgency(works: Iterable[Work]) -> list[Work]:
    # Coming ones by nearness, past ones by lateness.
    def key(work: Work) -> tuple[int, float]:
        start = work.programme.planned_start.timestamp()
        return URGENCY.index(State(work.programme.state)), start if work.programme.state in {State.ANNOUNCED, State.DRAFT} else -start

    return sorted(works, key=key)
