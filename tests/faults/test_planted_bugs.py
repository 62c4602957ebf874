"""4.4: bugs planted into the application are found by the model of the life of questions."""

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from interview import questions, transcript
from interview.states import QuestionState
from moderation import audit, intake, settlement, turns
from tests import model
from tests.model import play

pytestmark = [pytest.mark.fault("4.4"), pytest.mark.django_db]


def _any_state(question: Any, *states: str, **fields: Any) -> Any:
    return _real_set(question, *QuestionState, **fields)


def _unrecorded(**given: Any) -> Any:
    row = _real_record(**given)
    return row if given["action"] != "decline" else None


_real_set, _real_record = questions._set, audit.record


def _without_state(question: Any, *, by: Any, seen: Any = None) -> Any:
    return settlement.under_lock(question, by=by)


def _owe_none(programme: Any) -> int:
    return 0


def _owe_and_forget(programme: Any) -> int:
    return questions.waiting(programme).filter(state="approved").update(state="owed")


def _known_never(programme: Any, token: Any) -> bool:
    return False


def _shown_unmasked(text: str) -> Any:
    seen = _real_read(text)
    return type(seen)(seen.findings, text)


_real_read = intake.read

# Each is a slip that a change might make one day: where it is, and what stands there instead.
SLIPS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "decided questions are decided again": (settlement, "undecided", _without_state),
    "a question moves whatever its state": (questions, "_set", _any_state),
    "what leaves the public is not hidden": (transcript, "hide_question", lambda question: None),
    "what is approved is not shown": (transcript, "show_question", lambda question: None),
    "the close forgets what is approved": (questions, "owe_all", _owe_none),
    "the close tells nobody": (questions, "owe_all", _owe_and_forget),
    "one person is both persons": (turns, "refuse_if_first", lambda question, *, by: None),
    "an escalated question is decided by anybody": (turns, "refuse_if_escalated", lambda question, *, by: None),
    "a decision leaves the question on hold": (settlement, "end", lambda question: False),
    "personal data is shown": (intake, "read", _shown_unmasked),
    "digests do not follow each other": (audit, "digest", lambda row: "0" * 64),
    "a token says nothing": (questions, "digest_of", lambda *, nickname, text: "same"),
}


# So many lives without a slip first: a model that is wrong itself would find everything.
SOUND = 60


def test_every_planted_bug_is_found(monkeypatch, verdict):
    play(SOUND, shrink=False)
    found = {}
    for slip, (module, name, instead) in SLIPS.items():
        with monkeypatch.context() as planted:
            planted.setattr(module, name, instead)
            found[slip] = _found()
    missed = [slip for slip, where in found.items() if not where]
    verdict(
        promise="planted bugs are found by the model",
        runs=len(SLIPS),
        events=len(SLIPS),
        violations={"missed": len(missed)},
        missed=", ".join(missed),
        **{slip: where for slip, where in found.items() if where},
    )


def _found() -> str:
    """The sentence of the model that a slip broke, by its name; nothing if it broke none. What breaks otherwise is no find."""
    try:
        play(200, shrink=False)
    except AssertionError as error:
        own = [frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.filename == model.__file__]
        return " → ".join(own[1:])
    return ""
