"""A question from its receipt to its answer."""

import re
import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models.programme import Guest, Programme, Seat
from interview.states import QuestionState
from organisations.identifiers import new_id
from organisations.models import Organisation

_RECEIPT_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")


def new_receipt_token() -> str:
    """A private address nobody can guess: 160 bits, safe in a URL."""
    return secrets.token_urlsafe(20)


def may_be_receipt_token(text: str) -> bool:
    """Whether a text looks like one; whatever else is in an address need not be looked up, and some of it cannot be."""
    return _RECEIPT_TOKEN.fullmatch(text) is not None


class Question(models.Model):
    """What a netizen asks; its number is given in the order of receipt, for the asker to quote."""

    class State(models.TextChoices):
        RECEIVED = QuestionState.RECEIVED.value, _("已收到")
        SCREENED = QuestionState.SCREENED.value, _("初审通过")
        APPROVED = QuestionState.APPROVED.value, _("已通过")
        DECLINED = QuestionState.DECLINED.value, _("未采用")
        MERGED = QuestionState.MERGED.value, _("已合并")
        WITHDRAWN = QuestionState.WITHDRAWN.value, _("已撤回")
        OWED = QuestionState.OWED.value, _("待书面答复")
        ANSWERED = QuestionState.ANSWERED.value, _("已答复")

    class Origin(models.TextChoices):
        """Set by the door a question came through, never by a field of a form."""

        BEFORE = "before", _("网友提前提问")
        LIVE = "live", _("网友现场提问")

    class Reason(models.TextChoices):
        OFF_TOPIC = "off_topic", _("与本期主题无关")
        PERSONAL = "personal", _("含个人隐私")
        ABUSIVE = "abusive", _("含辱骂攻击")
        DUPLICATE = "duplicate", _("与已有提问重复")
        ADVERT = "advert", _("含广告")
        UNCLEAR = "unclear", _("内容不清")
        LEGAL = "legal", _("依法不宜公开")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    # What the asker quotes, as it was told at receipt: a programme put off does not renumber its questions.
    label = models.CharField(max_length=24)
    receipt_token = models.CharField(max_length=40, unique=True, default=new_receipt_token)
    # Chosen by the asker's browser: the same token again is the same question, not a second one.
    client_token = models.UUIDField()
    # Of nickname and words as they were sent: tells a question sent twice from another one under the same token, although
    # what is kept below may be masked or edited by then.
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=16, choices=Origin)
    nickname = models.CharField(max_length=20, blank=True)
    # What anybody may read: personal data is masked, edits are in it. What was written stands in moderation.
    text = models.TextField()
    edited_at = models.DateTimeField(null=True)
    visitor = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    state = models.CharField(max_length=16, choices=State, default=State.RECEIVED)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    reason_words = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    # The question that asks the same: this one gets its answer, and shares its fate.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    # How many want the same answer besides the asker; counted anew from the rows of Support whenever they change.
    supports = models.PositiveIntegerField(default=0)
    # The guest the host put it to, while it waits for the answer.
    put_to = models.ForeignKey(Guest, on_delete=models.SET_NULL, null=True, related_name="questions")
    put_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["programme", "number"]
        verbose_name = _("提问")
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="question_numbers_are_dense"),
            models.UniqueConstraint(fields=["programme", "client_token"], name="one_question_per_client_token"),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="merged_question_names_its_target",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "number"])]

    def __str__(self) -> str:
        return self.label

    @property
    def asker(self) -> str:
        """The name the public sees."""
        return self.nickname or str(_("匿名网友"))

    def get_absolute_url(self) -> str:
        return reverse("receipt", args=[self.receipt_token])


class Support(models.Model):
    """One more visitor wants the same answer (同问): one row a visitor and question, struck out where it was stuffed."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="support_rows")
    visitor = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    # How many seconds before it the visitor's cookie was made, for those that come at once; null for all others.
    cookie_age = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("同问")
        constraints = [models.UniqueConstraint(fields=["question", "visitor"], name="one_support_per_visitor_and_question")]
        indexes = [models.Index(fields=["question", "at"])]

    def __str__(self) -> str:
        return f"{self.question_id} {self.at:%H:%M:%S}"


class Answer(models.Model):
    """What was answered to a question, by whom, on air or in writing."""

    class Mode(models.TextChoices):
        LIVE = "live", _("现场答复")
        WRITTEN = "written", _("书面答复")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="answers", null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    mode = models.CharField(max_length=16, choices=Mode)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("答复")


class Draft(models.Model):
    """What a guest or stenographer is still typing; kept on the server so that no reload loses it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="drafts")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("草稿")
        constraints = [models.UniqueConstraint(fields=["question", "seat"], name="one_draft_per_seat_and_question")]
