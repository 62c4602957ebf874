"""manage.py create_administrator: the first account of a site, which can then give roles to others."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import roles
from accounts.models import Role, User
from organisations.operator import CONSOLE

VARIABLE: Final = "ADMINISTRATOR_PASSWORD"


class Command(BaseCommand):
    help = f"Create an administrator. The password is taken from {VARIABLE}, else from standard input, else asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True, help="as colleagues and readers see it")

    def handle(self, *, username: str, name: str, **options: Any) -> None:
        user = User(username=User.normalize_username(username), name=name.strip())
        try:
            # Before the password is asked for: nobody likes to type one in vain.
            user.full_clean(exclude=["password"])
            password = _password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("No account was created. " + " ".join(error.messages)) from None
        with transaction.atomic():
            created = User.objects.create_user(username=username, name=name, password=password)
            roles.grant(user=created, role=Role.ADMINISTRATOR, by=CONSOLE)
        self.stdout.write(f"Administrator {created.username} ({created.name}) may now sign in at /sign-in/.")


def _password() -> str:
    """The password, without its line end; never an argument, which every process list would show."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Password again: "):
        raise CommandError("No account was created: the two passwords differ.")
    return password
