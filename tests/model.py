"""A plain model of what may become of questions, played against the application; Life says what must hold.

The machine chooses people and steps at random, right ones and wrong ones. After each step the rows, the record and what the
public was told must be what the model says, and a step that was refused must have changed nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from accounts.callers import Caller
from interview import answers, questions, schedule
from interview.models import Question
from interview.states import ProgrammeState
from moderation import audit, chain, decisions, holds, intake, throttle
from moderation.models import Record, Rules
from realtime.commands import Refused
from realtime.models import Event, Topic
from tests import scenes as make

PUBLIC = {"approved", "owed"}
WHO = st.sampled_from(["chen", "lin"])
WHICH = st.integers(0, 5)


@dataclass
class Known:
    """What the model knows of one question."""

    row: Question
    token: Any
    text: str
    visitor: str
    state: str = "received"
    put: bool = False
    first: str = ""
    held: str = ""
    held_by: str = ""


class Life(RuleBasedStateMachine):
    """One programme, two moderators, an editor, a host and a guest; any number of netizens."""

    def __init__(self) -> None:
        super().__init__()
        throttle.forget()
        self.programme = make.programme(state=ProgrammeState.LIVE)
        self.guest = make.guest(self.programme)
        self.people = {name: make.seated(self.programme, "moderator", user=make.user(name=name)) for name in ("chen", "lin")}
        self.editor, self.host = make.editor(), make.seated(self.programme, "host")
        self.answering = make.seated(self.programme, "guest", guest=self.guest)
        self.live, self.two_stage = True, False
        self.known: list[Known] = []
        self.records = 0

    @initialize(two_stage=st.booleans())
    def rules_of_the_programme(self, two_stage: bool) -> None:
        Rules.objects.create(programme=self.programme, two_stage=two_stage)
        self.two_stage = two_stage

    # ── What people do ──────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def ask(self) -> None:
        number = len(self.known)
        token, text, visitor = uuid4(), f"第{number}问，请打1380013{number:04d}。", f"visitor{uuid4().hex[:8]}"
        receipt = self._do(lambda: self._ask(token, text, visitor), allowed=self.live)
        if receipt is not None:
            self.known.append(Known(receipt.question, token, text, visitor))

    @precondition(lambda self: self.known)
    @rule(which=WHICH, other_words=st.booleans())
    def ask_again(self, which: int, other_words: bool) -> None:
        one = self._one(which)
        before = Question.objects.count()
        told = self._told(lambda: self._ask(one.token, "别的话。" if other_words else one.text, one.visitor))
        assert told == ("conflict" if other_words else intake.Receipt(one.row, created=False))
        assert Question.objects.count() == before

    @precondition(lambda self: self.known)
    @rule(which=WHICH, who=WHO)
    def approve(self, which: int, who: str) -> None:
        one = self._one(which)
        again = one.state == "screened" and self.two_stage and one.first == who
        allowed = one.state in {"received", "screened"} and not again and one.held != "escalated"
        if self._do(lambda: decisions.approve(question=one.row, by=self.people[who]), allowed=allowed, records=1):
            if self.two_stage and one.state == "received":
                one.state, one.first = "screened", who
            else:
                one.state = "approved" if self.live else "owed"
            one.held = ""

    @precondition(lambda self: self.known)
    @rule(which=WHICH, who=WHO, reason=st.sampled_from(["legal", "unclear", "whim"]))
    def decline(self, which: int, who: str, reason: str) -> None:
        one = self._one(which)
        allowed = one.state in {"received", "screened"} and reason != "whim" and one.held != "escalated"
        if self._do(lambda: decisions.decline(question=one.row, reason=reason, by=self.people[who]), allowed=allowed, records=1):
            one.state, one.held = "declined", ""

    @precondition(lambda self: self.known)
    @rule(which=WHICH, who=WHO)
    def take_back(self, which: int, who: str) -> None:
        one = self._one(which)
        aside = bool(one.held)
        if aside:
            # That was the last step, so it is what is taken back.
            allowed = one.held == "held" or one.held_by == who
        else:
            allowed = one.state in {"screened", "approved", "owed", "declined"} and not one.put
        if self._do(lambda: decisions.take_back(question=one.row, by=self.people[who]), allowed=allowed, records=1):
            one.state, one.held = one.state if aside else "received", ""

    @precondition(lambda self: self.known)
    @rule(which=WHICH, who=WHO, kind=st.sampled_from(["held", "escalated"]))
    def put_aside(self, which: int, who: str, kind: str) -> None:
        one = self._one(which)
        verb = {"held": holds.hold, "escalated": holds.escalate}[kind]
        allowed = one.state in {"received", "screened"} and one.held in {"", "held"} and (one.held != kind)
        if self._do(lambda: verb(question=one.row, words=who, by=self.people[who]), allowed=allowed, records=1, same=one.held == kind):
            one.held, one.held_by = kind, who

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def resume(self, which: int) -> None:
        one = self._one(which)
        allowed = bool(one.held) and one.state in {"received", "screened"}
        if self._do(lambda: holds.resume(question=one.row, by=self.editor), allowed=allowed, records=1):
            one.held = ""

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def put(self, which: int) -> None:
        one = self._one(which)
        allowed = self.live and one.state == "approved"
        if self._do(lambda: questions.put(question=one.row, guest=self.guest, by=self.host), allowed=allowed):
            one.put = True

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def put_back(self, which: int) -> None:
        one = self._one(which)
        if self._do(lambda: questions.put_back(question=one.row, by=self.host), allowed=one.state == "approved"):
            one.put = False

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        one = self._one(which)
        if self.live:
            allowed = one.state == "approved" and one.put
            say = lambda: answers.answer(question=one.row, guest=self.guest, text="已经安排。", by=self.answering)  # noqa: E731
        else:
            allowed = one.state == "owed"
            say = lambda: answers.answer_in_writing(question=one.row, text="已经安排。", by=self.editor)  # noqa: E731
        if one.state == "answered":
            return
        if self._do(say, allowed=allowed):
            one.state, one.put = "answered", False

    @precondition(lambda self: self.known)
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        one = self._one(which)
        allowed = one.state in {"received", "screened", "approved", "owed"}
        if self._do(lambda: intake.withdraw(token=one.row.receipt_token), allowed=allowed):
            one.state, one.put, one.held = "withdrawn", False, ""

    @precondition(lambda self: self.live and len(self.known) > 2)
    @rule()
    def close(self) -> None:
        if self._do(lambda: schedule.close(programme=self.programme, by=self.host), allowed=True):
            self.live = False
            for one in self.known:
                one.put = False
                if one.state == "approved":
                    one.state = "owed"

    # ── What must hold ──────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def the_rows_are_as_the_model_says(self) -> None:
        rows = list(Question.objects.filter(programme=self.programme).order_by("number").values_list("number", "state"))
        assert rows == [(number, one.state) for number, one in enumerate(self.known, start=1)]
        aside = {key: kind for key, kind in Question.objects.filter(programme=self.programme).values_list("pk", "hold__kind") if kind}
        assert aside == {one.row.pk: one.held for one in self.known if one.held}

    @invariant()
    def every_step_is_on_the_record_and_bound_to_the_one_before(self) -> None:
        rows = list(Record.objects.filter(programme=self.programme).order_by("number"))
        assert [row.number for row in rows] == list(range(1, self.records + 1))
        assert [row.previous for row in rows[1:]] == [row.digest for row in rows[:-1]]
        assert [row.digest for row in rows] == [chain.digest(audit.columns(row), previous=row.previous) for row in rows]

    @invariant()
    def the_public_list_is_what_the_events_made_it(self) -> None:
        told: dict[str, str] = {}
        for event in self._stage():
            if event.kind == "question.changed":
                told[event.data["question"]] = event.data["state"]
        waiting = {label: state for label, state in told.items() if state in PUBLIC}
        assert waiting == {one.row.label: one.state for one in self.known if one.state in PUBLIC}

    @invariant()
    def numbers_are_dense_and_nothing_of_an_undecided_or_withdrawn_question_is_public(self) -> None:
        events = self._stage()
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        told = "".join(f"{event.html}{event.data}" for event in events)
        assert "1380013" not in told
        for number, one in enumerate(self.known):
            if one.state in {"withdrawn", "declined", "received", "screened"}:
                assert f"第{number}问" not in told

    # ── How ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _one(self, which: int) -> Known:
        return self.known[which % len(self.known)]

    def _ask(self, token: Any, text: str, visitor: str) -> intake.Receipt:
        caller = Caller(user=None, visitor=visitor, address="")
        return intake.receive(programme=self.programme, caller=caller, nickname="", text=text, token=token)

    def _told(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Refused as refusal:
            return refusal.code

    def _stage(self) -> list[Event]:
        return list(Event.objects.filter(topic__name=f"stage:{self.programme.pk}").order_by("number"))

    def _do(self, step: Callable[[], Any], *, allowed: bool, records: int = 0, same: bool = False) -> Any:
        """Take a step; what it returns if it was allowed, None if it was refused and so changed nothing."""
        before = self._everything()
        try:
            with transaction.atomic():
                done = step()
        except Refused:
            assert not allowed, "refused, although the model allows it"
            assert self._everything() == before, "refused, but something changed"
            return None
        if same:
            return None
        assert allowed, "carried out, although the model does not allow it"
        self.records += records
        return done

    def _everything(self) -> tuple[Any, ...]:
        rows = Question.objects.filter(programme=self.programme).order_by("number")
        heads = Topic.objects.order_by("name").values_list("name", "head", "generation")
        record = Record.objects.filter(programme=self.programme).count()
        return list(rows.values_list("state", "put_to", "hold__kind", "lease__moderator")), list(heads), record


def play(examples: int, *, shrink: bool = True) -> None:
    """Play so many lives. Raises AssertionError, with the steps that lead there, the fewest if `shrink`."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    how = settings(
        max_examples=examples, phases=phases, stateful_step_count=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Life, settings=how)
