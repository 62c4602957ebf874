"""Find an organisation, merge two that are one."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Organisation, RegistryChange
from organisations.operator import Keeper


def find(name: str) -> Organisation | None:
    """The organisation of this name or short name; None if there is none, or the short name belongs to several."""
    name = " ".join(name.split())
    exact = Organisation.objects.filter(name=name).first()
    if exact is not None:
        return exact
    short = list(Organisation.objects.filter(short_name=name)[:2]) if name else []
    return short[0] if len(short) == 1 else None


@transaction.atomic
def merge(*, keep: Organisation, drop: Organisation, by: Keeper) -> Organisation:
    """Everything that pointed at `drop` points at `keep`, and `drop` is gone; the merge is recorded with what it said.

    Raises PermissionDenied; ValueError for one organisation twice, one that is gone, or a department with an enterprise.
    """
    may_keep(by)
    if keep.pk == drop.pk:
        raise ValueError(_("这是同一个单位。"))
    now = Organisation.objects.select_for_update().in_bulk([keep.pk, drop.pk])
    if len(now) < 2:
        raise ValueError(_("其中一个单位已经不在目录里。请刷新后再合并。"))
    keep, drop = now[keep.pk], now[drop.pk]
    if keep.kind != drop.kind:
        raise ValueError(_("主管部门和公共企事业单位不能合并。"))
    for relation in Organisation._meta.related_objects:
        relation.related_model._base_manager.filter(**{relation.field.name: drop}).update(**{relation.field.name: keep})
    said = {column: getattr(drop, column) for column in ("short_name", "sector", "phone", "address")}
    RegistryChange.objects.create(
        actor=by.get_username(), action=RegistryChange.Action.MERGE, details={"kept": keep.name, "dropped": drop.name, "said": said}
    )
    drop.delete()
    return keep


def may_keep(by: Keeper) -> None:
    """Raise PermissionDenied unless `by` may change the registry."""
    if not by.may_keep_registry():
        raise PermissionDenied(_("只有编辑可以修改单位目录。"))
