"""An entry of the transcript and its revisions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models.programme import Guest, Programme
from interview.models.question import Answer, Question
from organisations.identifiers import new_id


def place(position: int, kind: str) -> str:
    """Where an entry stands in a list sorted either way.

    An answer shares the place of its question, which was published directly before it (decision 0005): equals keep the
    order they came in, so the question stands above its answer also where the newest is on top.
    """
    return f"{position - (kind == Entry.Kind.ANSWER):06d}"


class Entry(models.Model):
    """One paragraph of the public transcript, in the order and at the time of the server.

    Names and posts are kept as they were when it was said: a later change of office does not rewrite the past.
    """

    class Kind(models.TextChoices):
        REMARK = "remark", _("发言")
        QUESTION = "question", _("提问")
        ANSWER = "answer", _("答复")
        NOTICE = "notice", _("公告")

    class Voice(models.TextChoices):
        HOST = "host", _("主持人")
        GUEST = "guest", _("嘉宾")
        NETIZEN = "netizen", _("网友")
        PORTAL = "portal", _("本站")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    voice = models.CharField(max_length=16, choices=Voice)
    speaker = models.CharField(max_length=40, blank=True)
    post = models.CharField(max_length=80, blank=True)
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="+", null=True)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="entries", null=True)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="entries", null=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    # Chosen by the typist's browser: what is sent again after a cut line is the same entry, not a second one.
    client_token = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    # 1 as published; every correction adds one, and its earlier words stay readable.
    revision = models.PositiveSmallIntegerField(default=1)
    revised_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["programme", "position"]
        verbose_name = _("实录条目")
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="entry_positions_are_dense"),
            models.UniqueConstraint(fields=["programme", "client_token"], name="one_entry_per_client_token"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.get_kind_display()}"

    @property
    def anchor(self) -> str:
        """The element of this entry on every page that shows it."""
        return f"entry-{self.position}"

    @property
    def partial(self) -> str:
        """The template of this kind of entry, for the first load, the push and the archive alike."""
        return f"interview/entries/{self.kind}.html"

    @property
    def order(self) -> str:
        """Its place in a list sorted either way, as place() tells."""
        return place(self.position, self.kind)


class Revision(models.Model):
    """What an entry said before a correction, and why it was corrected."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["entry", "number"]
        verbose_name = _("修订")
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="revision_numbers_are_dense")]
