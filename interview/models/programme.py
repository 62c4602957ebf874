"""A programme, the guests it invites and the seats people take in it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.states import ASKABLE, PUBLIC, WRAPPING_UP, ProgrammeState
from organisations.identifiers import new_id
from organisations.models import Organisation

# Planned an hour, two at the most (rules of the field); an hour is also what readers give it.
DEFAULT_MINUTES = 60
LONGEST_MINUTES = 120


class Programme(models.Model):
    """One interview, from its draft to its archive."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("访谈")

    class State(models.TextChoices):
        DRAFT = ProgrammeState.DRAFT.value, _("草稿")
        ANNOUNCED = ProgrammeState.ANNOUNCED.value, _("预告")
        LIVE = ProgrammeState.LIVE.value, _("直播中")
        ENDED = ProgrammeState.ENDED.value, _("已结束")
        ARCHIVED = ProgrammeState.ARCHIVED.value, _("已归档")
        POSTPONED = ProgrammeState.POSTPONED.value, _("已延期")
        CANCELLED = ProgrammeState.CANCELLED.value, _("已取消")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.INTERVIEW)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT, db_index=True)
    # A rehearsal is played by the same rules and shown with a banner; lists leave it out.
    rehearsal = models.BooleanField(default=False)
    title = models.CharField(_("标题"), max_length=120)
    topic = models.CharField(_("主题"), max_length=120)
    introduction = models.TextField(_("简介"), max_length=4000, blank=True)
    cover = models.ImageField(_("题图"), upload_to="covers/", blank=True)
    cover_alt = models.CharField(_("题图说明"), max_length=120, blank=True)
    unit = models.ForeignKey(Organisation, verbose_name=_("承办单位"), on_delete=models.PROTECT, related_name="programmes")
    planned_start = models.DateTimeField(_("计划开始"), db_index=True)
    planned_minutes = models.PositiveSmallIntegerField(_("计划时长（分钟）"), default=DEFAULT_MINUTES)
    # Told to the public when the programme is postponed or cancelled.
    notice = models.TextField(_("公告"), max_length=1000, blank=True)
    # Until the close nobody sees how many want the same answer, and waiting questions stand in no order that could be stuffed.
    supports_hidden = models.BooleanField(_("结束前不公开同问数"), default=False)
    # Counters under the row's lock: they number questions and entries densely.
    questions_received = models.PositiveIntegerField(default=0)
    entries_published = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    announced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    # Of an interview held before this system: the name of its record, unique, so that a second import finds the first.
    imported_from = models.CharField(max_length=120, null=True, unique=True, editable=False)

    class Meta:
        ordering = ["-planned_start", "-id"]
        verbose_name = _("节目")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programme", args=[self.pk])

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def takes_questions(self) -> bool:
        return self.state in ASKABLE

    @property
    def is_live(self) -> bool:
        return self.state == ProgrammeState.LIVE

    @property
    def hides_supports(self) -> bool:
        """Whether the public may not know now how many want the same answer; after the close it always may."""
        return self.supports_hidden and self.state not in WRAPPING_UP

    @property
    def is_imported(self) -> bool:
        """Whether it was held before this system and its times are those of the record."""
        return self.imported_from is not None

    def label(self, number: int) -> str:
        """What the asker of a question received now is told to quote: month and day as planned, order of receipt (0730-018)."""
        return f"{timezone.localtime(self.planned_start):%m%d}-{number:03d}"

    @property
    def planned_end(self) -> datetime:
        """When it should be over: the planned length from when it was opened, or is to be."""
        return (self.opened_at or self.planned_start) + timedelta(minutes=self.planned_minutes)


class Guest(models.Model):
    """A person invited to answer; verified by the seat that is given to them, not by their name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(_("姓名"), max_length=40)
    post = models.CharField(_("职务"), max_length=80)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    portrait = models.ImageField(_("照片"), upload_to="portraits/", blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        verbose_name = _("嘉宾")

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）"

    @property
    def is_verified(self) -> bool:
        """Whether somebody holds this guest's seat: an account that staff opened for this very person."""
        return bool(self.seats.all())


class Seat(models.Model):
    """A person in a role on one programme."""

    class Role(models.TextChoices):
        HOST = "host", _("主持人")
        GUEST = "guest", _("嘉宾")
        STENOGRAPHER = "stenographer", _("速录员")
        MODERATOR = "moderator", _("审核员")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=16, choices=Role)
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="seats", null=True, blank=True)

    class Meta:
        verbose_name = _("席位")
        constraints = [
            models.UniqueConstraint(fields=["programme", "user", "role"], name="one_seat_per_role"),
            models.CheckConstraint(
                condition=models.Q(role="guest", guest__isnull=False) | (~models.Q(role="guest") & models.Q(guest__isnull=True)),
                name="guest_seat_names_its_guest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user}"
