"""The roles on the whole site: asking for them, giving and withdrawing them."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, RoleChange, User
from organisations.operator import Console


def is_editor(user: User | AnonymousUser | None) -> bool:
    """Whether the user is an editor now; every administrator is one."""
    return isinstance(user, User) and user.holds(Role.EDITOR, Role.ADMINISTRATOR)


def is_administrator(user: User | AnonymousUser | None) -> bool:
    """Whether the user is an administrator now."""
    return isinstance(user, User) and user.holds(Role.ADMINISTRATOR)


def grant(*, user: User, role: Role, by: User | Console) -> None:
    """The user has the role and is staff. Granting what is already there changes nothing.

    Raises PermissionDenied unless `by` is an administrator or the console.
    """
    _require_administrator(by)
    with transaction.atomic():
        _membership, created = Membership.objects.get_or_create(user=user, role=role)
        if created:
            User.objects.filter(pk=user.pk).update(is_staff=True)
            user.is_staff = True
            RoleChange.objects.create(user=user, role=role, granted=True, actor=by.get_username())


def withdraw(*, user: User, role: Role, by: User | Console) -> None:
    """The user no longer has the role. Withdrawing what is not there changes nothing.

    Raises PermissionDenied unless `by` is an administrator or the console, and for the last administrator who
    can sign in: a site without one could only be repaired from the shell.
    """
    _require_administrator(by)
    with transaction.atomic():
        administrators = list(
            Membership.objects.select_for_update(of=("self",))
            .filter(role=Role.ADMINISTRATOR, user__is_active=True)
            .values_list("user_id", flat=True)
        )
        if role == Role.ADMINISTRATOR and administrators == [user.pk]:
            raise PermissionDenied(_("这是最后一位管理员。请先指定另一位管理员，再撤销。"))
        removed, _by_model = Membership.objects.filter(user=user, role=role).delete()
        if removed:
            RoleChange.objects.create(user=user, role=role, granted=False, actor=by.get_username())


def _require_administrator(by: User | Console) -> None:
    if not isinstance(by, Console) and not is_administrator(by):
        raise PermissionDenied(_("只有管理员可以授予或撤销角色。"))
