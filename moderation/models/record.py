"""What was done in moderation, by whom: rows that are only ever added, each bound to the one before by its digest."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interview.models import Programme, Question
from organisations.identifiers import new_id


class AppendOnly(TypeError):
    """Somebody tried to change or remove what is only ever added."""

    def __init__(self, model: type[models.Model], verb: str) -> None:
        super().__init__(f"expected only new rows of {model.__name__}, got {verb}")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that reads and adds; the database refuses the rest too, see triggers.py."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly(self.model, "update")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(self.model, "bulk_update")

    def delete(self) -> NoReturn:
        raise AppendOnly(self.model, "delete")

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(self.model, "update_or_create")


class Chain(models.Model):
    """Where one chain of records ends: one chain for each programme, and one for what belongs to none (`site`)."""

    SITE: ClassVar[str] = "site"

    key = models.CharField(primary_key=True, max_length=36)
    number = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("记录链")

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Record(models.Model):
    """One step of one person; `number` counts the records of its chain densely, in their order.

    `digest` is made of all other columns and of `previous`, the digest before it (chain.py). `by` is empty where the
    asker did it, or a rule that an editor switched on; `data` says what the columns do not, never a text of a netizen:
    what has to be erased one day must not be bound into a chain.
    """

    class Action(models.TextChoices):
        APPROVE = "approve", _("通过")
        DECLINE = "decline", _("不采用")
        TAKE_BACK = "take_back", _("收回审核")
        SCREEN = "screen", _("初审通过")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆开")
        EDIT = "edit", _("改写")
        HOLD = "hold", _("搁置")
        ESCALATE = "escalate", _("上报")
        ASK_BACK = "ask_back", _("请提问人补充")
        RESUME = "resume", _("取消搁置")
        NOTE = "note", _("批注")
        UNMASK = "unmask", _("查看个人信息")
        REWRITE = "rewrite", _("提问人改写")
        APPEAL = "appeal", _("提问人申诉")
        BLOCK = "block", _("限制提问")
        UNBLOCK = "unblock", _("解除限制")
        BLOCK_APPEAL = "block_appeal", _("对限制的申诉")
        REPORT_SETTLE = "report_settle", _("处理举报")
        SUPPORT_STRIKE = "support_strike", _("剔除同问")
        LIST_CHANGE = "list_change", _("词表变更")
        REASON_CHANGE = "reason_change", _("原因文字变更")
        RULES_CHANGE = "rules_change", _("审核设置变更")
        EXPORT = "export", _("导出记录")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="records", null=True)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="records", null=True)
    action = models.CharField(max_length=16, choices=Action)
    reason = models.CharField(max_length=16, choices=Question.Reason, blank=True)
    words = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["Record"]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["chain", "number"]
        verbose_name = _("审核记录")
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="record_numbers_are_dense")]
        indexes = [models.Index(fields=["question", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.get_action_display()} {self.question_id or ''}".rstrip()

    @property
    def actor(self) -> str:
        """Who did it, as staff read it."""
        return self.by.name if self.by else str(_("提问人") if self.action in {"rewrite", "appeal", "block_appeal", "split"} else _("规则"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(type(self), "save of a stored row")
        # Inserted or refused: never an update of a row that happens to have this key.
        super().save(force_insert=True, using=kwargs.get("using"))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(type(self), "delete")
