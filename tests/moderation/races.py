"""Moderators who decide about one question at the same instant, many times over, and what came of it (T-25).

    found = play(questions=40, seed=7)

plays in the database of this process, where it makes a programme of its own. Every promise that was broken is a line in
`found.wrong`; the programme is left as it is, to be looked at.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier

from django.db import connection

from accounts.models import User
from interview.models import Programme, Question
from interview.states import ProgrammeState, QuestionState
from moderation import audit, decisions, edits, holds, verification
from moderation.models import Hold, Record
from realtime.commands import Refused
from tests import scenes as make

Action = Record.Action
MODERATORS = 8
# How many come at once: mostly few, as it happens, and sometimes all.
CROWDS = [2, 2, 2, 3, 3, 4, 5, MODERATORS]
PATIENCE = 120  # seconds until all have come, and until each had its turn
SETTLING = {Action.APPROVE: QuestionState.APPROVED, Action.DECLINE: QuestionState.DECLINED}
TEXT = "我们小区的水压什么时候恢复，夜里常常没有水"
VERBS: dict[Record.Action, Callable[[Question, User, int], object]] = {
    Action.APPROVE: lambda question, by, _place: decisions.approve(question=question, by=by),
    Action.DECLINE: lambda question, by, _place: decisions.decline(question=question, reason="legal", by=by),
    Action.HOLD: lambda question, by, place: holds.hold(question=question, words=f"第{place}人", by=by),
    Action.EDIT: lambda question, by, place: edits.edit(question=question, text=f"{TEXT}{'一二三四五六七八'[place]}。", seen=0, by=by),
}


@dataclass
class Found:
    """How often it was tried, what every one of them was told, and what was not as promised."""

    questions: int = 0
    attempts: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def play(*, questions: int, seed: int) -> Found:
    """Let two to eight moderators decide about each of so many questions at once, and compare all that is left of it."""
    chance, found = random.Random(seed), Found()
    programme = make.programme(state=ProgrammeState.LIVE)
    people = [make.seated(programme, "moderator") for _seat in range(MODERATORS)]
    with _threads() as threads:
        for _number in range(questions):
            question = make.question(programme, text=TEXT)
            actions = chance.choices(list(VERBS), weights=[4, 4, 2, 2], k=chance.choice(CROWDS))
            told = _race(threads, question, actions, chance.sample(people, len(actions)))
            found.questions += 1
            found.attempts += len(actions)
            found.outcomes.update(told)
            found.wrong += [f"{question.label}: {flaw}" for flaw in _flaws(question, actions, told)]
    found.wrong += _flaws_of_the_whole(programme, found)
    return found


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MODERATORS, initializer=_patiently) as threads:
        yield threads
        # One for each: they wait for each other, so that none closes the connection of two.
        together = Barrier(MODERATORS)
        list(threads.map(partial(_close, together), range(MODERATORS)))


def _close(together: Barrier, _thread: int) -> None:
    together.wait(PATIENCE)
    connection.close()


def _patiently() -> None:
    # Who wins is asked here, not how long a busy machine lets the others wait for their turn.
    if connection.vendor == "sqlite":
        connection.cursor().execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


def _race(threads: ThreadPoolExecutor, question: Question, actions: list[Record.Action], people: list[User]) -> list[str]:
    together = Barrier(len(actions))

    def run(place: int) -> str:
        together.wait(PATIENCE)
        try:
            VERBS[actions[place]](question, people[place], place)
        except Refused as refused:
            return refused.code
        except Exception as error:  # noqa: BLE001  (whatever it is, somebody was told neither yes nor no)
            return repr(error)
        return "done"

    return list(threads.map(run, range(len(actions))))


def _flaws(question: Question, actions: list[Record.Action], told: list[str]) -> Iterator[str]:
    """What is not as it must be with one question, after all have been told."""
    done = Counter(action for action, answer in zip(actions, told, strict=True) if answer == "done")
    if set(told) - {"done", "conflict"}:
        yield f"told {told}"
    settlers = sum(done[action] for action in SETTLING)
    if settlers != bool(set(SETTLING) & set(actions)):
        yield f"{settlers} decisions hold: {actions}, {told}"
    # What is put aside or reworded may still be decided, and only before that; never twice at once.
    if done[Action.HOLD] > 1 or done[Action.EDIT] > 1 or not done:
        yield f"not one winner: {actions}, {told}"
    rows = list(Record.objects.filter(question=question).order_by("number").values_list("action", flat=True))
    if Counter(rows) != done:
        yield f"recorded {rows}, done {done}"
    yield from _flaws_of_the_state(question, rows)


def _flaws_of_the_state(question: Question, rows: list[str]) -> Iterator[str]:
    question.refresh_from_db()
    settled = [place for place, action in enumerate(rows) if action in SETTLING]
    state = SETTLING[Action(rows[settled[0]])] if settled else QuestionState.RECEIVED
    if question.state != state:
        yield f"is {question.state}, recorded {rows}"
    after = rows[settled[0] + 1 :] if settled else []
    if Action.HOLD in after or (Action.EDIT in after and state == QuestionState.DECLINED):
        yield f"went on after it was decided: {rows}"
    if Hold.objects.filter(question=question).exists() != (Action.HOLD in rows and not settled):
        yield f"put aside or not, against the record {rows}"
    if (question.edited_at is not None) != (Action.EDIT in rows):
        yield f"edited or not, against the record {rows}"
    inbox = [event.kind for event in make.events(f"inbox:{question.programme_id}") if event.data["id"] == str(question.pk)]
    if inbox != ["question.changed"] * len(rows):
        yield f"inboxes were told {inbox} of {rows}"
    # Once: of a later edit the earlier words are gone from the log.
    shown = [event.kind for event in make.events(f"stage:{question.programme_id}") if event.data.get("question") == question.label]
    if shown != ["question.changed"] * (state == QuestionState.APPROVED):
        yield f"published {shown}, recorded {rows}"


def _flaws_of_the_whole(programme: Programme, found: Found) -> Iterator[str]:
    rows = Record.objects.filter(programme=programme).count()
    if rows != found.outcomes["done"]:
        yield f"{rows} records of {found.outcomes['done']} steps"
    decided = programme.questions.filter(state__in=SETTLING.values()).count()
    if audit.standing(programme).count() != decided:
        yield f"{audit.standing(programme).count()} decisions stand, {decided} questions are decided"
    yield from (f"record {flaw.number}: {flaw.what}" for flaw in verification.verify().flaws)
