"""Who signs in, what they may do on the whole site, and the failures that lock a sign-in."""

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.identifiers import new_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, username: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A saved account; without a password nobody can sign in to it.

        Raises ValueError without a username or a name, IntegrityError when the username is taken. The password
        is not judged here: the forms and commands that accept one call Django's validators.
        """
        username = User.normalize_username(username)
        if not username or not name.strip():
            raise ValueError("An account needs a username and a name.")
        user = self.model(username=username, name=name.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of that username, however it was typed (width, case, blanks). Raises User.DoesNotExist."""
        return self.get(username=User.normalize_username(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a password. `name` is what colleagues and readers see; `username` only opens the door."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(
        _("账号"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("这个账号已经有人使用，请换一个。")},
    )
    name = models.CharField(_("姓名"), max_length=40)
    is_active = models.BooleanField(_("可以登录"), default=True)
    is_staff = models.BooleanField(_("工作人员"), default=False)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The one spelling under which an account is stored and looked up: NFKC, no case, no outer blanks."""
        return unicodedata.normalize("NFKC", username).strip().casefold()

    def holds(self, *roles: str) -> bool:
        """Whether this account is active and has one of the roles now.

        Asks the database each time, so that an open socket loses its rights the moment they are withdrawn.
        """
        return Membership.objects.filter(user_id=self.pk, user__is_active=True, role__in=roles).exists()

    def may_keep_registry(self) -> bool:
        """Whether this account may import and merge organisations: editors and administrators."""
        return self.holds(Role.EDITOR, Role.ADMINISTRATOR)


class Role(models.TextChoices):
    """Roles on the whole site. Roles on one programme are seats and belong to the interview."""

    EDITOR = "editor", _("编辑")
    ADMINISTRATOR = "administrator", _("管理员")


class Membership(models.Model):
    """A person has a role on the whole site."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("角色"), max_length=16, choices=Role)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        constraints = [
            models.UniqueConstraint(name="membership_once", fields=["user", "role"]),
            models.CheckConstraint(name="membership_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class RoleChange(models.Model):
    """A role was given or withdrawn. Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    user = models.ForeignKey(User, verbose_name=_("账号"), on_delete=models.CASCADE, related_name="role_changes")
    role = models.CharField(_("角色"), max_length=16, choices=Role)
    granted = models.BooleanField(_("授予"))
    actor = models.CharField(_("操作人"), max_length=60)

    class Meta:
        verbose_name = _("角色变更记录")
        verbose_name_plural = _("角色变更记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.granted}"


class SignInFailure(models.Model):
    """A sign-in that has not succeeded, kept for an hour.

    `account` is a keyed hash: people type passwords into the wrong field. An attempt made while the account
    was locked has `counted` False: it counts for its address, but cannot prolong the lock.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()
    counted = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("登录失败")
        verbose_name_plural = _("登录失败")
        indexes = [
            models.Index(name="failure_account", fields=["account", "address", "at"]),
            models.Index(name="failure_address", fields=["address", "at"]),
            models.Index(name="failure_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M:%S}"
