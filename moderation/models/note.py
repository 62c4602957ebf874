"""What moderators tell each other about a question."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Question
from organisations.identifiers import new_id

NOTE_LIMIT = 500  # characters


class Note(models.Model):
    """A note beside a question, read by moderators and editors only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=NOTE_LIMIT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question", "at", "id"]
        verbose_name = _("批注")

    def __str__(self) -> str:
        return f"{self.question_id} {self.at:%H:%M:%S}"
