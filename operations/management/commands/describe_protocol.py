"""`manage.py describe_protocol`: the live protocol as an AsyncAPI document; `> docs/asyncapi.json` renews the one in the tree."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from interview.topics import TOPICS as INTERVIEW_TOPICS
from moderation.commands import COMMANDS
from moderation.topics import TOPICS as MODERATION_TOPICS
from realtime import asyncapi


class Command(BaseCommand):
    help = "Print the AsyncAPI 3.0 document of the live protocol. 输出实时协议的 AsyncAPI 3.0 文档。"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        document = asyncapi.describe(commands=COMMANDS, topics=[*INTERVIEW_TOPICS, *MODERATION_TOPICS])
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
