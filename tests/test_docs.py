"""The documents are held to the code: every setting, frame and model that the code has stands in them."""

import re
from pathlib import Path

import msgspec
import pytest
from django.apps import apps

from interview.topics import TOPICS as INTERVIEW_TOPICS
from moderation.commands import COMMANDS
from moderation.topics import TOPICS as MODERATION_TOPICS
from realtime import protocol
from tests.test_layout import APPS

BASE = Path(__file__).resolve().parent.parent
FRAMES = [
    *protocol.Incoming.__subclasses__(),
    *protocol.Outgoing.__subclasses__(),
    *(command.frame for command in COMMANDS),
]


def document(name: str) -> str:
    return (BASE / "docs" / name).read_text(encoding="utf-8")


def test_every_setting_is_explained():
    names = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (BASE / "settings.py").read_text(encoding="utf-8"))
    explained = re.findall(r"^\| `([A-Z_]+)`", document("operations.md"), re.MULTILINE)
    assert sorted(explained) == sorted(names)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: str(frame.__struct_config__.tag))
def test_every_frame_is_explained_with_its_fields(frame):
    op = frame.__struct_config__.tag
    rows = re.findall(rf"^\| `{op}` \|([^|]*)\|", document("protocol.md"), re.MULTILINE)
    assert len(rows) == 1
    fields = {field.encode_name for field in msgspec.structs.fields(frame)}
    assert fields - set(re.findall(r"`(\w+)`", rows[0])) == set()


@pytest.mark.parametrize("pattern", [*INTERVIEW_TOPICS, *MODERATION_TOPICS], ids=lambda pattern: pattern.prefix)
def test_every_topic_is_explained(pattern):
    assert f"`{pattern.prefix}:" in document("protocol.md")


def test_every_reason_to_close_is_explained():
    codes = [code for name, code in vars(protocol.CloseCode).items() if name.isupper()]
    assert [code for code in codes if str(code) not in document("protocol.md")] == []


def test_every_model_is_in_the_glossary():
    told = document("glossary.md")
    models = [model.__name__ for model in apps.get_models() if model._meta.app_label in APPS]
    assert [name for name in models if f"`{name}`" not in told] == []
