"""Departments, the public enterprises under them, and the record of changes to this registry."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.identifiers import new_id


class Kind(models.TextChoices):
    DEPARTMENT = "department", _("主管部门")
    ENTERPRISE = "enterprise", _("公共企事业单位")


class Organisation(models.Model):
    """A department, or an enterprise that may stand under one; one level, so no cycle can be built."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("名称"), max_length=100, unique=True)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("主管部门"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enterprises",
    )
    sector = models.CharField(_("领域"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_kind_known",
                condition=models.Q(kind__in=Kind.values),
            ),
            models.CheckConstraint(
                name="organisation_department_has_no_parent",
                condition=models.Q(kind=Kind.ENTERPRISE) | models.Q(parent__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegistryChange(models.Model):
    """One finished import or merge. Rows are only ever added.

    `actor` is a user name, not a foreign key: accounts stand above this app and may be erased.
    """

    class Action(models.TextChoices):
        IMPORT = "import", _("导入")
        MERGE = "merge", _("合并")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    actor = models.CharField(_("操作人"), max_length=60)
    action = models.CharField(_("操作"), max_length=16, choices=Action)
    details = models.JSONField(_("内容"), default=dict)

    class Meta:
        verbose_name = _("单位变更记录")
        verbose_name_plural = _("单位变更记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.actor}"
