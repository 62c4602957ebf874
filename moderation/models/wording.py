"""The wordings of a question: as it was sent, as its asker rewrote it, as a moderator edited it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Question
from organisations.identifiers import new_id


class Wording(models.Model):
    """One wording, whole and unmasked: for staff with the right only. The question itself shows the last one, masked.

    `by` is empty where the asker wrote it. `findings` is what screening saw in it: a list of objects as
    screening.findings makes them. Words are kept apart from the chained record, because they may have to be erased.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    findings = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question", "number"]
        verbose_name = _("原文")
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="wording_numbers_are_dense")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}"
