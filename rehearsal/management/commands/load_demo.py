"""manage.py load_demo: make the demonstration city and print who can sign in."""

from typing import Any

from django.core.management.base import BaseCommand

from rehearsal import city


class Command(BaseCommand):
    help = "Make the demonstration city (or what is missing of it) and print who can sign in."

    def handle(self, **options: Any) -> None:
        made = city.load()
        self.stdout.write("Demonstration / 演示：所有机构、人物和内容均为虚构。\n")
        self.stdout.write("Sign in at /sign-in/ — 登录 /sign-in/：\n")
        for role, page, username, password in city.sign_ins(made["live"]):
            self.stdout.write(f"  {username:<22} {password:<18} {role:<24} {page}")
