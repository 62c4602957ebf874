"""The demonstration city: its organisations, ten past interviews, one to come and one on air."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from interview import programmes, schedule
from interview.models import Programme
from interview.states import ProgrammeState
from organisations import importing
from organisations.models import Organisation
from organisations.operator import CONSOLE
from rehearsal import cast as casts
from rehearsal import past, script
from rehearsal.cast import Cast

DEMO = Path(__file__).parent / "demo"
EDITOR = "demo-archivist"
# The one to come is announced a week ahead, at three in the afternoon, when the people of the past ones sat down too.
WEEK_AHEAD, AFTERNOON = timedelta(days=7), 15


def casts_file() -> Path:
    """Where the accounts of the demonstration are kept, readable by the operator alone."""
    return Path(settings.DATA_DIR) / "demonstration.json"


def load() -> dict[str, Cast]:
    """Make the city, or what is missing of it, and return the casts of `live` and `coming`; may run any number of times."""
    if not Organisation.objects.exists():
        with (DEMO / "organisations.csv").open("rb") as table:
            importing.import_csv(table, by=CONSOLE)
    kept = read()
    editor = casts.editor(EDITOR)
    for path in sorted((DEMO / "past").glob("*.toml")):
        past.load(script.read(path), key=f"demo/{path.stem}", by=editor)
    made = {name: kept[name] if name in kept and _goes_on(kept[name]) else _set(name) for name in ("live", "coming")}
    _put_ahead(Programme.objects.get(pk=made["coming"].programme_id), by=editor)
    _keep(made)
    return made


def read() -> dict[str, Cast]:
    """The casts kept from the last load()."""
    try:
        return msgspec.json.decode(casts_file().read_bytes(), type=dict[str, Cast])
    except FileNotFoundError:
        return {}


def sign_ins(cast: Cast) -> Iterator[tuple[str, str, str, str]]:
    """Role, page, username and password for each seat of the cast, for the operator's screen."""
    desk = f"/staff/interviews/{cast.programme_id}/"
    yield "编辑 editor", "/staff/", cast.editor.username, cast.editor.password
    yield "主持人 host", f"{desk}desk/", cast.host.username, cast.host.password
    yield "速录员 stenographer", f"{desk}typist/", cast.stenographer.username, cast.stenographer.password
    for member in cast.moderators:
        yield "审核员 moderator", f"{desk}inbox/", member.username, member.password
    for member in cast.guests.values():
        yield f"嘉宾 guest {member.name}", f"{desk}sheet/", member.username, member.password


def _set(name: str) -> Cast:
    return casts.gather(script.read(DEMO / f"{name}.toml"), prefix=f"demo-{name}", rehearsal=False)


def _put_ahead(programme: Programme, *, by: User) -> None:
    # Just gathered, or a city that was made some time ago and is looked at again.
    now = timezone.now()
    if programme.state == ProgrammeState.ANNOUNCED and programme.planned_start <= now + casts.SOON:
        start = timezone.localtime(now + WEEK_AHEAD).replace(hour=AFTERNOON, minute=0, second=0, microsecond=0)
        schedule.plan(programme=programme, by=by, planned_start=start)


def _goes_on(cast: Cast) -> bool:
    programme = programmes.listed().filter(pk=cast.programme_id).first()
    return programme is not None and programme.state in {ProgrammeState.ANNOUNCED, ProgrammeState.LIVE}


def _keep(made: dict[str, Cast]) -> None:
    # Passwords: written for the owner of the data only, from the first byte.
    path = casts_file()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(json.dumps(msgspec.to_builtins(made), ensure_ascii=False, indent=1).encode())
