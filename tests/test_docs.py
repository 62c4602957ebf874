"""The documents are held to the code: every setting, frame and model that the code has stands in them."""

import re
from pathlib import Path

import msgspec
import pytest
from django.apps import apps
from django.utils import translation

from accounts.models import Role
from interview.models import Answer, Entry, Programme, Question, Seat
from interview.states import PROGRAMME_MOVES, QUESTION_MOVES
from interview.topics import TOPICS as INTERVIEW_TOPICS
from moderation.commands import COMMANDS
from moderation.models import Appeal, Hold, Record, Report, Rules, WordList
from moderation.topics import TOPICS as MODERATION_TOPICS
from realtime import allowance, lifetime, protocol, topics, window
from tests.test_layout import APPS

BASE = Path(__file__).resolve().parent.parent
FRAMES = [
    *protocol.Incoming.__subclasses__(),
    *protocol.Outgoing.__subclasses__(),
    *(command.frame for command in COMMANDS),
]
CHOICES = [
    *(Programme.State, Question.State, Question.Origin, Question.Reason, Record.Action),
    *(Hold.Kind, Appeal.Kind, Report.Reason, Rules.Challenge, WordList.Consequence),
    *(Entry.Kind, Entry.Voice, Answer.Mode, Seat.Role, Role),
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


def test_the_limits_of_a_socket_are_told():
    told = document("protocol.md")
    missing = [
        sentence
        for sentence in (
            f"One frame has at most {protocol.FRAME_LIMIT // 1024} KiB",
            f"one socket joins at most {topics.TOPICS_LIMIT} topics",
            f"sends at most {allowance.RATE:.0f} frames a second, {allowance.BURST:.0f} at once",
            f"at most {window.LIMIT // 1024} KiB are sent to it unconfirmed, and {window.DEADLINE:.0f} seconds after",
            f"{lifetime.IDLE:.0f} seconds after it was opened",
            f"After {lifetime.LONGEST / 3600:.0f} hours, {lifetime.BY_CHANCE:.0%} more or less".replace("%", " %"),
        )
        if sentence not in " ".join(told.split())
    ]
    assert missing == []


def test_every_model_is_in_the_glossary():
    told = document("glossary.md")
    models = [model.__name__ for model in apps.get_models() if model._meta.app_label in APPS]
    assert [name for name in models if f"`{name}`" not in told] == []


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: choices.__qualname__)
def test_the_glossary_has_the_words_of_the_interface(choices):
    with translation.override("zh-hans"):
        rows = [f"| `{value}` | {label} |" for value, label in choices.choices]
    assert [row for row in rows if row not in document("glossary.md")] == []


@pytest.mark.parametrize("moves", [PROGRAMME_MOVES, QUESTION_MOVES], ids=["programme", "question"])
def test_the_glossary_tells_where_each_state_goes_on_to(moves):
    for state, targets in moves.items():
        rows = re.findall(rf"^\| `{state.value}` \|[^|]*\|[^|]*\|([^|]+)\|$", document("glossary.md"), re.MULTILINE)
        told = [set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", row))) for row in rows]
        assert {target.value for target in targets} in told


def documents() -> list[Path]:
    return sorted([*BASE.glob("*.md"), *BASE.glob("docs/**/*.md"), *BASE.glob("bench/*.md")])


def test_links_between_documents_lead_somewhere():
    dead = [
        (path.relative_to(BASE).as_posix(), target)
        for path in documents()
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert dead == []


def test_the_architecture_names_every_app():
    told = document("architecture.md")
    assert [app for app in APPS if f"\n{app}/ " not in told] == []
