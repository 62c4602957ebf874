"""What an asker reads for each reason, where an editor has changed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from interview.models import Question


class ReasonText(models.Model):
    """The words for one reason code, in both languages; a code without a row has ours (reasons.py)."""

    reason = models.CharField(primary_key=True, max_length=16, choices=Question.Reason)
    chinese = models.CharField(_("中文"), max_length=300)
    english = models.CharField(_("英文"), max_length=300)

    class Meta:
        verbose_name = _("原因文字")

    def __str__(self) -> str:
        return self.reason
