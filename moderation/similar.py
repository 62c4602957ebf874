"""Who asked the same: in a programme, and among everything that was ever answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from interview.models import Entry, Programme, Question
from interview.states import PUBLIC, SHOWN, QuestionState
from moderation import fingerprints, pairs, shingles
from moderation.models import Indexed

# From here on two texts are shown to somebody as alike; of 12,000 pairs of real letters about one city, one reached 40.
ALIKE = 50
# From here on they stand in one group on the desk. Within one programme everybody writes about the same thing.
GROUPED = 60
# How many, of those with most in common, are compared word by word; so many rows are fetched at a time to find those that may
# be told.
COMPARED = 60
FETCHED = 80
MOST = 3
MOST_ON_THE_DESK = 5


@dataclass
class _Found:
    """A row of the index while it is compared."""

    key: UUID
    group: UUID
    told: str
    state: str
    programme: str
    rehearsal: bool
    score: int = 0

    @property
    def is_public(self) -> bool:
        return self.state == QuestionState.ANSWERED and self.programme in PUBLIC and not self.rehearsal


@dataclass(frozen=True)
class Asked:
    """A question of the programme that asks alike; `score` from ALIKE to 100, which is the same."""

    question: Question
    score: int


@dataclass(frozen=True)
class Answered:
    """What was asked and answered, as it stands in the transcript now; both entries are public."""

    question: Entry
    answer: Entry
    score: int


def for_reader(programme: Programme, text: str) -> tuple[list[Asked], list[Answered]]:
    """What a netizen who is typing `text` may be glad to know: MOST of each at most, the nearest first.

    Only what anybody may read: shown questions of this programme, and answers of public ones. Six statements, and some more
    where most of what is near may not be told.
    """
    told = shingles.bare(text)
    here = _alike(told, pairs.near(programme, told), lambda found: found.state in SHOWN)
    answered = {each.key: each.score for each in here if each.state == QuestionState.ANSWERED}
    return _asked([each for each in here if each.key not in answered][:MOST]), _answered(told, answered)


def for_desk(question: Question) -> tuple[list[Asked], list[Answered]]:
    """What a moderator may compare a question with: also what waits and what was declined; what was merged is its target."""
    told = shingles.bare(question.text)
    targets: dict[UUID, Asked] = {}
    for each in _asked(_alike(told, pairs.near(question.programme, told), lambda found: found.key != question.pk)):
        target = each.question.merged_into or each.question
        if target.pk != question.pk:
            targets.setdefault(target.pk, Asked(target, each.score))
    return list(targets.values())[:MOST_ON_THE_DESK], _answered(told, {})


def group_of(question: Question) -> UUID:
    """The first question of the group it belongs to: that of the nearest one that asks so much alike, else itself."""
    told = shingles.bare(question.text)
    near = _alike(told, pairs.near(question.programme, told), lambda found: found.key != question.pk)
    return near[0].group if near and near[0].score >= GROUPED else question.pk


def _alike(told: str, near: Sequence[int], may: Callable[[_Found], bool]) -> list[_Found]:
    """Of those who are near the ones that ask alike and `may` be told, the nearest first. A statement for each FETCHED of them."""
    candidates = list(islice(filter(may, _fetched(near)), COMPARED))
    for each in candidates:
        each.score = shingles.likeness(told, each.told)
    return sorted((each for each in candidates if each.score >= ALIKE), key=lambda each: (-each.score, each.key))


def _fetched(near: Sequence[int]) -> Iterator[_Found]:
    """These rows of the index in this order, FETCHED at a time."""
    for start in range(0, len(near), FETCHED):
        some = near[start : start + FETCHED]
        # Chosen by the caller: told to choose by state as well, SQLite goes through all questions of that state.
        rows = Indexed.objects.filter(pk__in=some).values_list(
            "pk", "question_id", "group_id", "told", "question__state", "question__programme__state", "question__programme__rehearsal"
        )
        found = {row[0]: _Found(*row[1:]) for row in rows}
        yield from (found[pk] for pk in some if pk in found)


def _asked(found: Sequence[_Found]) -> list[Asked]:
    scores = {each.key: each.score for each in found}
    rows = Question.objects.select_related("programme", "merged_into__programme").in_bulk(scores)
    return [Asked(rows[key], score) for key, score in scores.items()]


def _answered(told: str, known: dict[UUID, int]) -> list[Answered]:
    past = _alike(told, fingerprints.near(told), lambda found: found.is_public)
    scores = {each.key: each.score for each in past} | known
    best = sorted(scores, key=lambda key: (-scores[key], key))
    # Twice as many as are shown, because what was taken off the transcript since is shown to nobody.
    entries = _entries(best[: 2 * MOST])
    return [Answered(*entries[key], scores[key]) for key in best if key in entries][:MOST]


def _entries(keys: Sequence[UUID]) -> dict[UUID, tuple[Entry, Entry]]:
    """Question and answer, the first one, as they stand in the transcript; without those of which either was taken off it."""
    found: dict[UUID, dict[str, Entry]] = {}
    rows = Entry.objects.filter(question__in=keys, withdrawn_at=None).select_related("programme").order_by("-position")
    for entry in rows if keys else ():
        assert entry.question_id is not None
        found.setdefault(entry.question_id, {})[entry.kind] = entry
    question, answer = Entry.Kind.QUESTION, Entry.Kind.ANSWER
    return {key: (of[question], of[answer]) for key, of in found.items() if of.keys() >= {question, answer}}
