"""Who holds a question while reading it, and what was decided: decisions are only ever added."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Programme, Question
from organisations.identifiers import new_id


class Lease(models.Model):
    """One moderator reads one question; after `until` it is anybody's again."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="lease")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("占用")

    def __str__(self) -> str:
        return f"{self.question_id} {self.moderator_id} {self.until:%H:%M:%S}"

    @property
    def holds(self) -> bool:
        """Whether the time is not over yet."""
        return self.until > timezone.now()


class AppendOnly(TypeError):
    """Somebody tried to change or remove what is only ever added."""

    def __init__(self, model: type[models.Model], verb: str) -> None:
        super().__init__(f"expected only new rows of {model.__name__}, got {verb}")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that reads and adds; the database refuses the rest too, see triggers.py."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly(self.model, "update")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(self.model, "bulk_update")

    def delete(self) -> NoReturn:
        raise AppendOnly(self.model, "delete")

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(self.model, "update_or_create")


class Decision(models.Model):
    """One step of one moderator on one question; `number` counts the programme's decisions densely, in their order."""

    class Action(models.TextChoices):
        APPROVE = "approve", _("通过")
        DECLINE = "decline", _("不采用")
        TAKE_BACK = "take_back", _("收回审核")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=16, choices=Action)
    reason = models.CharField(max_length=16, choices=Question.Reason, blank=True)
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Decision"]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        verbose_name = _("审核记录")
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="decision_numbers_are_dense")]
        indexes = [models.Index(fields=["question", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.get_action_display()} {self.question_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(type(self), "save of a stored row")
        # Inserted or refused: never an update of a row that happens to have this key.
        super().save(force_insert=True, using=kwargs.get("using"))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(type(self), "delete")
