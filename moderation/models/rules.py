"""How one programme is moderated."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from interview.models import Programme


class Rules(models.Model):
    """What an editor switched on for one programme; a programme without a row has the defaults."""

    class Challenge(models.TextChoices):
        NEVER = "never", _("不需要")
        PRESSURE = "pressure", _("提问过于集中时")
        ALWAYS = "always", _("总是")

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, primary_key=True, related_name="rules")
    two_stage = models.BooleanField(_("两人审核：一人初审，另一人放行"), default=False)
    challenge = models.CharField(_("提问前的验证"), max_length=16, choices=Challenge, default=Challenge.PRESSURE)
    sign_in_required = models.BooleanField(_("登录后才能提问"), default=False)

    class Meta:
        verbose_name = _("审核设置")

    def __str__(self) -> str:
        return f"{self.programme_id}"
