"""Who may not ask for a while."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Programme
from organisations.identifiers import new_id


def new_appeal_token() -> str:
    """A private address nobody can guess: 160 bits, safe in a URL."""
    return secrets.token_urlsafe(20)


class Block(models.Model):
    """A visitor, or a range of addresses, may not ask: on one programme or on all, until a time or until it is lifted.

    Whoever is refused is told the reason, the end, and the private address at which to appeal, once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="blocks", null=True)
    visitor = models.CharField(max_length=64, blank=True)
    network = models.CharField(max_length=43, blank=True)  # 203.0.113.0/24, 2001:db8::/64
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    appeal_token = models.CharField(max_length=40, unique=True, default=new_appeal_token)
    appeal_words = models.CharField(max_length=300, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("限制")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(visitor="") & ~models.Q(network="")) | (~models.Q(visitor="") & models.Q(network="")),
                name="block_names_a_visitor_or_a_network",
            )
        ]
        indexes = [models.Index(fields=["visitor"])]

    def __str__(self) -> str:
        return f"{self.network or self.visitor[:8]} {self.at:%Y-%m-%d}"

    @property
    def holds(self) -> bool:
        """Whether it is in force now."""
        return self.lifted_at is None and (self.until is None or self.until > timezone.now())
