"""The one second chance of a declined question."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Question


class Appeal(models.Model):
    """The asker rewrote a declined question, or asked for another look: once, and another moderator decides.

    `against` declined it and may not decide again. `settled_at` is when it was decided for the second time.
    """

    class Kind(models.TextChoices):
        REWRITE = "rewrite", _("改写")
        APPEAL = "appeal", _("申诉")

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="appeal")
    kind = models.CharField(max_length=16, choices=Kind)
    words = models.CharField(max_length=300, blank=True)
    against = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("申诉")

    def __str__(self) -> str:
        return f"{self.question_id} {self.get_kind_display()}"
