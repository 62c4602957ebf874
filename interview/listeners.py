"""Who else must hear that what the public reads of an archived programme has changed: apps above this one, which it cannot name."""

from collections.abc import Callable

from django.db import transaction

from interview.models import Programme
from interview.states import ProgrammeState

Listener = Callable[[str], object]
_listeners: list[Listener] = []


def add(listener: Listener) -> None:
    """From now on `listener` is called with the programme's id after each commit that changed an archived programme.

    It may be called twice, and a failure of it is logged, not raised: what must happen is found again by a query.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def tell(programme: Programme) -> None:
    """Call everybody after the commit, if the programme is archived."""
    if programme.state == ProgrammeState.ARCHIVED:
        for listener in _listeners:
            transaction.on_commit(_call(listener, str(programme.pk)), robust=True)


def _call(listener: Listener, programme_id: str) -> Callable[[], None]:
    # Not a functools.partial: when one fails, Django stumbles over its missing name instead of logging the failure.
    def call() -> None:
        listener(programme_id)

    return call
