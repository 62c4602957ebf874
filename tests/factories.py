"""People and organisations for tests: each call makes exactly what it names, unlike every other one."""

from itertools import count

from accounts.models import Role, User
from accounts.roles import grant
from organisations.models import Kind, Organisation
from organisations.operator import CONSOLE

PASSWORD = "a long password for tests"
_numbers = count(1)


def make_user(*, username: str = "", name: str = "", password: str = PASSWORD, is_staff: bool = True, is_active: bool = True) -> User:
    """A member of staff without any role."""
    number = next(_numbers)
    return User.objects.create_user(
        username=username or f"user{number}", name=name or f"用户{number}", password=password, is_staff=is_staff, is_active=is_active
    )


def make_editor(*, username: str = "", name: str = "") -> User:
    user = make_user(username=username, name=name)
    grant(user=user, role=Role.EDITOR, by=CONSOLE)
    return user


def make_administrator(*, username: str = "", name: str = "") -> User:
    user = make_user(username=username, name=name)
    grant(user=user, role=Role.ADMINISTRATOR, by=CONSOLE)
    return user


def make_department(*, name: str = "") -> Organisation:
    return Organisation.objects.create(name=name or f"第{next(_numbers)}局", kind=Kind.DEPARTMENT)


def make_organisation(*, name: str = "", parent: Organisation | None = None) -> Organisation:
    """An enterprise."""
    return Organisation.objects.create(name=name or f"第{next(_numbers)}公司", kind=Kind.ENTERPRISE, parent=parent)
