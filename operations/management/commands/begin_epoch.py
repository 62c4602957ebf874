"""`manage.py begin_epoch --yes`: after a backup was restored, so that no reader takes new events for those it has seen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from realtime import log


class Command(BaseCommand):
    help = (
        "After a database backup was restored: every topic begins a new epoch, and every connected page loads itself again within two "
        "seconds. Run it before the web servers start, or at once while they run. "
        "恢复数据库备份之后运行：所有主题开始新的纪元，已打开的页面会在两秒内自动重新载入，不会把新内容误认为已经看过的内容。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="really do it / 确认执行")

    def handle(self, *args: Any, yes: bool, **options: Any) -> None:
        if not yes:
            raise CommandError(
                "Nothing was changed. Every reader of every interview will load the page again: add --yes if a backup was restored.\n"
                "没有做任何改动。执行后，所有访谈的读者都会重新载入页面；如果确实恢复了备份，请加上 --yes。"
            )
        count = log.begin_epoch()
        self.stdout.write(f"{count} topics began a new epoch. / {count}个主题已开始新的纪元。")
