"""What was written to the portal, and what could not be."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Programme
from organisations.identifiers import new_id


class Publication(models.Model):
    """The folder of one programme as it was last written, and why it could not be written since, if so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="publication")
    # Below PORTAL_ROOT, given once: the address of an archived interview never changes.
    folder = models.CharField(max_length=80, unique=True)
    # How many different texts were written; 0 until the first one is.
    revision = models.PositiveIntegerField(default=0)
    # SHA-256 of transcript.json.
    digest = models.CharField(max_length=64, blank=True)
    # Where the stage stood when it was written: any later event makes the folder stale.
    epoch = models.CharField(max_length=16, blank=True)
    number = models.PositiveBigIntegerField(default=0)
    # To be written again although its own words have not changed: its neighbour has.
    due = models.BooleanField(default=False)
    first_written_at = models.DateTimeField(null=True)
    # When the text last changed, and when the files were last written.
    revised_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    error = models.TextField(blank=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("归档发布")
        ordering = ["-programme__planned_start", "-programme_id"]

    def __str__(self) -> str:
        return self.folder

    @property
    def year(self) -> int:
        """The year it was held in, here."""
        return timezone.localtime(self.programme.planned_start).year

    @property
    def is_written(self) -> bool:
        return self.revision > 0
