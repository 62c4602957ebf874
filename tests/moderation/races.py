"""Moderators who do something with one question at the same instant, many times over, and what came of it (T-25).

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
from uuid import UUID

from django.db import connection

from accounts.models import User
from interview.models import Programme, Question
from interview.states import ProgrammeState, QuestionState
from moderation import audit, decisions, edits, holds, leases, merging, verification
from moderation.models import Hold, Lease, Record
from realtime.commands import Refused
from realtime.models import Topic
from tests import scenes as make
from tests.moderation.replay import Replay

MODERATORS = 8
# How many come at once: mostly few, as it happens, and sometimes all.
CROWDS = [2, 2, 2, 3, 3, 4, 5, MODERATORS]
PATIENCE = 120  # seconds until all have come, and until each had its turn
TEXT = "我们小区的水压什么时候恢复，夜里常常没有水"


@dataclass(frozen=True)
class Scene:
    """One question, another one that asks the same, and how far the programme's logs were before anything happened."""

    question: Question
    other: Question
    heads: dict[str, int]


Verb = Callable[[Scene, User, int], object]
VERBS: dict[str, Verb] = {
    "approve": lambda scene, by, _place: decisions.approve(question=scene.question, by=by),
    "decline": lambda scene, by, _place: decisions.decline(question=scene.question, reason="legal", by=by),
    "merge": lambda scene, by, _place: merging.merge(question=scene.question, into=scene.other, by=by),
    "take": lambda scene, by, _place: leases.take(question=scene.question, by=by),
    "hold": lambda scene, by, place: holds.hold(question=scene.question, words=f"第{place}人", by=by),
    "edit": lambda scene, by, place: edits.edit(question=scene.question, text=f"{TEXT}{'一二三四五六七八'[place]}。", seen=0, by=by),
    "take_back": lambda scene, by, _place: decisions.take_back(question=scene.question, by=by),
}
WEIGHTS = [4, 4, 3, 2, 2, 2, 2]


@dataclass(frozen=True)
class Step:
    """What one of them did, and what they were told: "done", the code of a refusal with its sentence, or an error."""

    verb: str
    by: User
    told: str
    sentence: str = ""


@dataclass
class Found:
    """How often it was tried, what every one of them was told, and what was not as promised."""

    questions: int = 0
    attempts: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def play(*, questions: int, seed: int) -> Found:
    """Let two to eight moderators do something with each of so many questions at once, and compare all that is left of it."""
    chance, found = random.Random(seed), Found()
    programme = make.programme(state=ProgrammeState.LIVE)
    people = [
        make.seated(programme, "moderator", user=make.user(name=name))
        for name in ["陈审", "林审", "周审", "吴审", "郑审", "王审", "冯审", "褚审"]
    ]
    with _threads() as threads:
        for _number in range(questions):
            scene = _scene(programme)
            verbs = chance.choices(list(VERBS), weights=WEIGHTS, k=chance.choice(CROWDS))
            steps = _race(threads, scene, verbs, chance.sample(people, len(verbs)))
            found.questions += 1
            found.attempts += len(steps)
            found.outcomes.update(step.told for step in steps)
            found.wrong += [f"{scene.question.label}: {flaw}: {_told(steps)}" for flaw in _flaws(scene, steps)]
    found.wrong += _flaws_of_the_whole(programme, found)
    return found


def _scene(programme: Programme) -> Scene:
    question, other = (make.question(programme, text=TEXT) for _each in range(2))
    heads = Topic.objects.filter(name__endswith=f":{programme.pk}").values_list("name", "head")
    return Scene(question, other, dict(heads))


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


def _race(threads: ThreadPoolExecutor, scene: Scene, verbs: list[str], people: list[User]) -> list[Step]:
    together = Barrier(len(verbs))

    def run(place: int) -> Step:
        verb, by = verbs[place], people[place]
        together.wait(PATIENCE)
        try:
            VERBS[verb](scene, by, place)
        except Refused as refused:
            return Step(verb, by, refused.code, refused.detail)
        except Exception as error:  # noqa: BLE001  (whatever it is, somebody was told neither yes nor no)
            return Step(verb, by, repr(error))
        return Step(verb, by, "done")

    return list(threads.map(run, range(len(verbs))))


def _told(steps: list[Step]) -> str:
    return ", ".join(f"{step.verb} by {step.by.name} {step.told} {step.sentence}".rstrip() for step in steps)


def _flaws(scene: Scene, steps: list[Step]) -> Iterator[str]:
    """What is not as it must be with one question, after all have been told."""
    won = [step for step in steps if step.told == "done"]
    if {step.told for step in steps} - {"done", "conflict"}:
        yield "somebody was told neither yes nor no"
    # Nobody wins where all want to take back what nobody decided.
    if not won and {step.verb for step in steps} != {"take_back"}:
        yield "nobody won"
    names = {step.by.name for step in won}
    for step in steps:
        # Who finds nothing to take back is told just that.
        if step.told == "conflict" and step.verb != "take_back" and not any(name in step.sentence for name in names):
            yield f"{step.by.name} was not told who was first"
    rows = list(Record.objects.filter(question=scene.question).order_by("number").select_related("by"))
    recorded = Counter(("take_back" if row.action == "resume" else row.action, row.by_id) for row in rows)
    if recorded != Counter((step.verb, step.by.pk) for step in won if step.verb != "take"):
        yield f"recorded {[row.action for row in rows]}"
    takers = [step.by.pk for step in won if step.verb == "take"]
    yield from _flaws_of_the_state(scene, Replay.of([row.action for row in rows]), takers, {step.verb for step in steps})


def _flaws_of_the_state(scene: Scene, replay: Replay, takers: list[UUID], tried: set[str]) -> Iterator[str]:
    yield from replay.wrong
    question = scene.question
    question.refresh_from_db()
    if question.state != replay.state:
        yield f"is {question.state}, by the record {replay.state}"
    if not takers and replay.state == QuestionState.RECEIVED and tried & {"approve", "decline", "merge"} and not replay.taken_back:
        yield "nobody decided"
    # Whoever holds it keeps it from all others: it was the last step, and nobody holds what somebody decided.
    if list(Lease.objects.filter(question=question).values_list("moderator", flat=True)) != takers:
        yield f"held by others than took it: {takers}"
    if takers and replay.state != QuestionState.RECEIVED:
        yield "decided while somebody held it"
    if Hold.objects.filter(question=question).exists() != replay.held:
        yield "put aside or not, against the record"
    if (question.edited_at is not None) != replay.edited:
        yield "edited or not, against the record"
    if (question.merged_into_id == scene.other.pk) != (replay.state == QuestionState.MERGED):
        yield "merged or not, against the record"
    inbox = _new(scene, "inbox", id=str(question.pk))
    if len(inbox) != replay.steps + len(takers):
        yield f"inboxes were told {inbox} of {replay.steps} steps and {len(takers)} leases"
    if (shown := _new(scene, "stage", question=question.label)) != replay.shown:
        yield f"published {shown}, by the record {replay.shown}"


def _new(scene: Scene, topic: str, **of: str) -> list[str]:
    """The states of the question that were told there since the race began."""
    name = f"{topic}:{scene.question.programme_id}"
    told = [event.data for event in make.events(name) if event.number > scene.heads.get(name, 0)]
    return [data["state"] for data in told if data.items() >= of.items()]


def _flaws_of_the_whole(programme: Programme, found: Found) -> Iterator[str]:
    decided = programme.questions.exclude(state=QuestionState.RECEIVED).count()
    if audit.standing(programme).count() != decided:
        yield f"{audit.standing(programme).count()} decisions stand, {decided} questions are decided"
    yield from (f"record {flaw.number}: {flaw.what}" for flaw in verification.verify().flaws)
