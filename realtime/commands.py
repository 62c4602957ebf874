"""What a client can ask the application to do over its socket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass(frozen=True)
class Command:
    """One op: the frame that carries it and the verb that runs it.

    `frame` is a msgspec.Struct with `tag_field="op"`, its own `tag`, `forbid_unknown_fields=True` and a `ref: int`.
    `run(caller, frame)` is called in a thread; what it returns goes out as the fields of `ok`. It raises Refused.
    """

    frame: type[msgspec.Struct]
    run: Callable[[Any, Any], dict[str, Any]]


class Refused(Exception):
    """A command that was understood and not done; nothing has changed.

    `code` is for programs, `detail` a sentence for the person who asked, `fields` names what to correct where.
    """

    def __init__(self, code: str, detail: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.fields = fields

    def __str__(self) -> str:
        return self.detail
