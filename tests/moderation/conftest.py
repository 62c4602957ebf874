"""A live programme with a question and two who moderate it; every test here starts with nothing counted."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from accounts.models import User
from interview.models import Programme, Question
from interview.states import ProgrammeState
from moderation import throttle
from realtime.commands import Refused
from tests import scenes as make

NOON = 1_280_466_000  # 2010-07-30 13:00 in Shanghai


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    throttle.forget()
    yield
    throttle.forget()


@pytest.fixture
def clock(settings: Any) -> Iterator[Any]:
    """The time of day, by which a process counts where there is no Redis, which has a clock of its own."""
    settings.REDIS_URL = ""
    throttle._made.cache_clear()
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
    throttle._made.cache_clear()


@pytest.fixture
def programme() -> Programme:
    return make.programme(state=ProgrammeState.LIVE)


@pytest.fixture
def question(programme: Programme) -> Question:
    return make.question(programme)


@pytest.fixture
def chen(programme: Programme) -> User:
    return make.seated(programme, "moderator", user=make.user(name="陈审核"))


@pytest.fixture
def lin(programme: Programme) -> User:
    return make.seated(programme, "moderator", user=make.user(name="林审核"))


def everything() -> dict[str, list[str]]:
    """Every row that moderation could have changed."""
    models = [model for app in ("interview", "moderation", "realtime") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: sorted(map(repr, model._default_manager.values_list())) for model in models}


def refused(verb: Callable[..., object], *words: Any, **named: Any) -> Refused:
    """How a verb says no; whoever says no has changed nothing."""
    before = everything()
    with pytest.raises(Refused) as caught:
        verb(*words, **named)
    assert everything() == before
    return caught.value


def race(verbs: Sequence[Callable[[], Any]]) -> list[str]:
    """Start all at once, each on a connection of its own; for each the state of what it returned, or the code of its refusal."""
    together = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> str:
        try:
            together.wait(timeout=120)
            return str(verb().state)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as threads:
        return list(threads.map(run, verbs))
