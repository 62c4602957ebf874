"""The moderators' queue: which of the waiting questions are shown, in which order, and from where on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interview.models import Question
from interview.states import SHOWN, UNDECIDED, QuestionState
from interview.text import number_of
from moderation.models import Hold, Report, Wording

# One more than any number of a question: taken from it, the earlier question has the greater key.
_BEYOND = 999_999
_FIND_LIMIT = 60  # characters; what is longer is no word somebody looks for


class Show(models.TextChoices):
    """Which of them: those nobody put aside, those put aside in one way or another, and views across all.

    Of those that readers reported also the ones that are shown already.
    """

    OPEN = "open", _("等待审核")
    SCREENED = "screened", _("等待放行")
    HELD = Hold.Kind.HELD.value, _("搁置中")
    ESCALATED = Hold.Kind.ESCALATED.value, _("已上报")
    ASKED_BACK = Hold.Kind.ASKED_BACK.value, _("待补充")
    APPEALED = "appealed", _("改写和申诉")
    NOTICED = "noticed", _("有初筛提示")
    REPORTED = "reported", _("被举报")
    MINE = "mine", _("我接手的")
    ALL = "all", _("全部")


class Order(models.TextChoices):
    """In which order. New ones come to their place; those already on a page stay where they are."""

    WAITING = "waiting", _("等得最久的在前")
    NEWEST = "newest", _("最新的在前")
    SUPPORTS = "supports", _("同问最多的在前")
    NOTICED = "noticed", _("提示最多的在前")


class _Length(Func):
    """How many elements a JSON list has."""

    output_field = models.IntegerField()

    def as_sqlite(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, function="JSON_ARRAY_LENGTH", **context)

    def as_postgresql(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


_LATEST = Wording.objects.filter(question=OuterRef("pk")).order_by("-number").values(length=_Length("findings"))[:1]
# How much screening noticed in the wording that is shown.
FINDINGS = Coalesce(Subquery(_LATEST), 0, output_field=models.IntegerField())

# Of those that wait; of those that were reported also what is shown. What a person may do with them is another matter: see turns.py.
KEEPS: Mapping[Show, Q] = MappingProxyType(
    {
        Show.OPEN: Q(state=QuestionState.RECEIVED, hold__isnull=True),
        Show.SCREENED: Q(state=QuestionState.SCREENED, hold__isnull=True),
        Show.HELD: Q(hold__kind=Hold.Kind.HELD),
        Show.ESCALATED: Q(hold__kind=Hold.Kind.ESCALATED),
        Show.ASKED_BACK: Q(hold__kind=Hold.Kind.ASKED_BACK),
        Show.APPEALED: Q(appeal__isnull=False, appeal__settled_at=None),
        Show.NOTICED: Q(noticed__gt=0),
        Show.REPORTED: Q(Exists(Report.objects.filter(question=OuterRef("pk"), settled_at=None))),
        Show.ALL: Q(),
    }
)


def flags(question: Question) -> list[str]:
    """The same as KEEPS for one question with all that its partial touches: what a page goes by when a fragment comes.

    None for what belongs on no page of the queue any more.
    """
    reported = [str(Show.REPORTED)] if getattr(question, "open_reports", []) else []
    if question.state not in UNDECIDED:
        return reported if question.state in SHOWN else []
    hold = getattr(question, "hold", None)
    appeal = getattr(question, "appeal", None)
    apart = hold.kind if hold else Show.SCREENED if question.state == QuestionState.SCREENED else Show.OPEN
    found = [apart]
    if appeal and appeal.settled_at is None:
        found.append(Show.APPEALED)
    if findings(question):
        found.append(Show.NOTICED)
    return [str(flag) for flag in (*found, *reported, Show.ALL)]


def shown(question: Question) -> Wording | None:
    """The wording that is shown, the last one; None for a question from before wordings were kept."""
    wordings = list(question.wordings.all())
    return wordings[-1] if wordings else None


def own(question: Question) -> Wording | None:
    """The last wording of the asker's, where a moderator has edited it since."""
    return next((wording for wording in reversed(question.wordings.all()) if wording.by_id is None), None)


def findings(question: Question) -> list[Mapping[str, object]]:
    """What screening noticed in the wording that is shown."""
    wording = shown(question)
    return wording.findings if wording else []


def places(question: Question) -> dict[str, str]:
    """Where it stands in a list of each order: keys that are compared as text, the greater first but in the order of receipt."""
    number = f"{question.number:06d}"
    back = f"{_BEYOND - question.number:06d}"
    return {
        "order": number,
        "order-supports": f"{min(question.supports, _BEYOND):06d}.{back}",
        "order-noticed": f"{len(findings(question)):06d}.{back}",
    }


@dataclass(frozen=True)
class Choice:
    """How one moderator looks at the queue; `group` is the first question of those that ask alike, where only they are shown."""

    show: Show = Show.OPEN
    order: Order = Order.WAITING
    find: str = ""
    after: str = ""
    group: UUID | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str], remembered: str = "") -> "Choice":
        """From the parameters of an address, and the order this browser had last; what is not among them is the usual."""
        show, order = asked.get("show", ""), asked.get("order", remembered)
        return cls(
            show=Show(show) if show in Show.values else Show.OPEN,
            order=Order(order) if order in Order.values else Order.WAITING,
            find=asked.get("find", "").strip()[:_FIND_LIMIT],
            after=asked.get("after", ""),
            group=_key(asked.get("group", "")),
        )

    @property
    def query(self) -> str:
        """The parameters that lead to its beginning again."""
        narrowed = {"find": self.find, "group": self.group}
        return urlencode({"show": self.show, "order": self.order} | {name: value for name, value in narrowed.items() if value})

    @property
    def attribute(self) -> str:
        """The attribute of an item by which a list of this order is sorted."""
        return {Order.SUPPORTS: "order-supports", Order.NOTICED: "order-noticed"}.get(self.order, "order")

    @property
    def descending(self) -> bool:
        """Whether the greatest key is the first."""
        return self.order != Order.WAITING

    def narrow(self, rows: QuerySet[Question], *, by: User) -> QuerySet[Question]:
        """Of the waiting those it shows, in its order, behind the key `after`."""
        if self.show == Show.NOTICED or self.order == Order.NOTICED:
            rows = rows.annotate(noticed=FINDINGS)
        if self.show == Show.MINE:
            rows = rows.filter(lease__moderator=by, lease__until__gt=timezone.now())
        else:
            rows = rows.filter(KEEPS[self.show])
        if self.find:
            rows = rows.filter(Q(text__icontains=self.find) | Q(label__icontains=self.find) | Q(nickname__icontains=self.find))
        if self.group:
            rows = rows.filter(indexed__group=self.group)
        return rows.filter(self._behind()).order_by(*self._columns())

    def _columns(self) -> list[str]:
        return {
            Order.WAITING: ["number"],
            Order.NEWEST: ["-number"],
            Order.SUPPORTS: ["-supports", "number"],
            Order.NOTICED: ["-noticed", "number"],
        }[self.order]

    def _behind(self) -> Q:
        first, _point, second = self.after.partition(".")
        key, back = number_of(first, digits=8), number_of(second, digits=8)
        if key is None or (second != "") != (self.attribute != "order") or (second and back is None):
            return Q()
        if back is None:
            return Q(number__gt=key) if self.order == Order.WAITING else Q(number__lt=key)
        column = "supports" if self.order == Order.SUPPORTS else "noticed"
        return Q(**{f"{column}__lt": key}) | Q(**{column: key}, number__gt=_BEYOND - back)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
