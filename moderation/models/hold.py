"""A question that is put aside before it is decided."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Question


class Hold(models.Model):
    """Why a question waits apart from the others, until somebody resumes or decides it.

    `held`: a moderator, or a word list that says so, put it aside; `escalated`: it is for an editor to decide;
    `asked_back`: its asker was asked for something, and a rewrite brings it back.
    """

    class Kind(models.TextChoices):
        HELD = "held", _("搁置")
        ESCALATED = "escalated", _("上报")
        ASKED_BACK = "asked_back", _("待补充")

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="hold")
    kind = models.CharField(max_length=16, choices=Kind)
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("搁置")

    def __str__(self) -> str:
        return f"{self.question_id} {self.get_kind_display()}"
