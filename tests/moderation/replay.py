"""What must be true of a question, by the rows of its record alone; races.py compares it with what is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

from interview.states import QuestionState


@dataclass
class Replay:
    """A question that was received, and then each of these steps; `wrong` are those that nobody could have taken then."""

    state: str = QuestionState.RECEIVED
    held: bool = False
    edited: bool = False
    taken_back: int = 0
    steps: int = 0
    # What is left in the public log: the words of what was reworded or taken off leave it.
    shown: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, actions: Iterable[str]) -> Self:
        """After all of these steps."""
        replay = cls()
        for action in actions:
            if not _MAY[action](replay):
                replay.wrong.append(f"{action} while {replay.state}, step {replay.steps + 1}")
            getattr(replay, f"_{action}")()
            replay.steps += 1
        return replay

    def _approve(self) -> None:
        self._settled(QuestionState.APPROVED)
        self.shown.append(QuestionState.APPROVED)

    def _decline(self) -> None:
        self._settled(QuestionState.DECLINED)

    def _merge(self) -> None:
        self._hidden()
        self._settled(QuestionState.MERGED)

    def _take_back(self) -> None:
        self._hidden()
        self._settled(QuestionState.RECEIVED)
        self.taken_back += 1

    def _hold(self) -> None:
        self.held = True

    def _resume(self) -> None:
        self.held = False

    def _edit(self) -> None:
        self.edited = True
        if self.state == QuestionState.APPROVED:
            self.shown = [QuestionState.APPROVED]

    def _settled(self, state: str) -> None:
        self.state, self.held = state, False

    def _hidden(self) -> None:
        if self.state == QuestionState.APPROVED:
            self.shown = ["gone"]


# An approved question may still be reworded and merged; nothing happens twice, or to what is declined.
_MAY: dict[str, Callable[[Replay], bool]] = {
    "approve": lambda question: question.state == QuestionState.RECEIVED,
    "decline": lambda question: question.state == QuestionState.RECEIVED,
    "merge": lambda question: question.state in {QuestionState.RECEIVED, QuestionState.APPROVED},
    "take_back": lambda question: question.state in {QuestionState.APPROVED, QuestionState.DECLINED} and not question.held,
    "hold": lambda question: question.state == QuestionState.RECEIVED and not question.held,
    "resume": lambda question: question.held,
    "edit": lambda question: question.state in {QuestionState.RECEIVED, QuestionState.APPROVED} and not question.edited,
}
