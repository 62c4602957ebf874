"""A reader says that an approved question should not stand in public."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Question
from organisations.identifiers import new_id


class Report(models.Model):
    """One visitor's report of one question; settled by a moderator, who either acts on it or not."""

    class Reason(models.TextChoices):
        PERSONAL = "personal", _("泄露个人信息")
        ABUSIVE = "abusive", _("辱骂攻击")
        ADVERT = "advert", _("广告")
        UNTRUE = "untrue", _("不实信息")
        OTHER = "other", _("其他")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="reports")
    visitor = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    reason = models.CharField(max_length=16, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("举报")
        constraints = [models.UniqueConstraint(fields=["question", "visitor"], name="one_report_per_visitor_and_question")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.get_reason_display()}"
