"""manage.py grant_role USERNAME ROLE: make an account an editor or administrator, or take the role away."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts import roles
from accounts.models import Role, User
from organisations.operator import CONSOLE


class Command(BaseCommand):
    help = "Give an account a role on the whole site (editor, administrator); with --withdraw take it away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--withdraw", action="store_true", help="take the role away")

    def handle(self, *, username: str, role: str, withdraw: bool, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username!r}.") from None
        try:
            (roles.withdraw if withdraw else roles.grant)(user=user, role=Role(role), by=CONSOLE)
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.username} {'is no longer' if withdraw else 'is now'} {role}.")
