"""Who holds a question while reading it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Question

# How long a question is held: longer than the longest takes to read; a browser that still shows it asks again in time.
LEASE_SPAN = timedelta(minutes=3)


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
        """Whether the time is not over yet. A time that is far away was written by a clock that is ahead of ours, and holds nothing."""
        return timedelta(0) < self.until - timezone.now() <= 2 * LEASE_SPAN
