"""How long screening takes with short and long word lists, what it finds of what is hidden from it, and what it finds in vain."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from interview.text import clean  # noqa: E402
from moderation.screening import personal  # noqa: E402
from moderation.screening.findings import Consequence  # noqa: E402
from moderation.screening.screened import screen  # noqa: E402
from moderation.screening.words import WordList, Words  # noqa: E402
from tests.moderation.screening.evasions import LIST, evasions  # noqa: E402
from tests.moderation.screening.specimens import bombs, clean_questions, specimens  # noqa: E402

SIZES = (2_000, 20_000, 50_000)
CHARACTERS = 200
ROUNDS = 12


def questions(count: int) -> list[str]:
    """Questions of 200 characters, as they come from the browser."""
    flow = "".join(clean_questions(count * 3))
    return [flow[at : at + CHARACTERS] for at in range(0, count * CHARACTERS, CHARACTERS)]


def invented(count: int) -> WordList:
    """Words of two to six characters, none of which stands in the questions by more than chance."""
    chance = Random(count)  # noqa: S311 - invented words
    han = [chr(code) for code in range(0x4E00, 0x9000)]
    return WordList("长", "试", Consequence.MARK, ["".join(chance.choices(han, k=chance.randint(2, 6))) for _ in range(count)])


def times() -> Iterator[tuple[str, float]]:
    """One question from raw to screened, in milliseconds; the lists in turn, so that the machine is the same for all.

    fastest_ms: each question in its fastest round, the median of them; on a machine that has nothing else to do the two are alike.
    """
    asked = questions(100)
    lists = {}
    for size in SIZES:
        many = invented(size)
        start = time.perf_counter()
        lists[size] = Words([many])
        yield f"build_ms_{size}", (time.perf_counter() - start) * 1000
    taken: dict[int, list[list[float]]] = {size: [[] for _ in asked] for size in SIZES}
    for turn in range(ROUNDS + 1):
        for size in SIZES:
            for question, rounds in zip(asked, taken[size], strict=True):
                start = time.perf_counter()
                screen(clean(question), words=lists[size])
                # The first round fills the tables of characters.
                if turn:
                    rounds.append((time.perf_counter() - start) * 1000)
    medians = {size: statistics.median(chain.from_iterable(taken[size])) for size in SIZES}
    for size in SIZES:
        yield f"median_ms_{size}", medians[size]
    yield "ratio_50000_to_2000", medians[50_000] / medians[2_000]
    yield "fastest_ms_20000", statistics.median(map(min, taken[20_000]))


def masking() -> Iterator[tuple[str, float]]:
    """The share of personal data that is replaced whole, and of clean questions in which anything is."""
    labels = [label for label, _ in personal.LABELS.values()]
    masked = [
        personal.mask(specimen.text, personal.find(specimen.text)) in {specimen.before + label + specimen.after for label in labels}
        for specimen in specimens(20_000)
    ]
    yield "masking_recall", sum(masked) / len(masked)
    touched = [bool(personal.find(question)) for question in clean_questions(10_000)]
    yield "masking_false_positive", sum(touched) / len(touched)


def evading() -> Iterator[tuple[str, float]]:
    """The share of disguised terms that are found."""
    listed = Words([LIST])
    found = [evasion.term in {finding.found for finding in listed.find(evasion.text)} for evasion in evasions()]
    yield "evasions", len(found)
    yield "evasion_recall", sum(found) / len(found)


def bombing() -> Iterator[tuple[str, float]]:
    """The longest that all of screening takes for 50,000 characters made to be slow, in milliseconds; a question has 1,000."""
    listed = Words([invented(20_000)])
    taken = []
    for bomb in bombs():
        start = time.perf_counter()
        screen(bomb, words=listed)
        taken.append((time.perf_counter() - start) * 1000)
    yield "slowest_bomb_ms", max(taken)


def searching(archived: int) -> Iterator[tuple[str, float]]:
    """Who asked the same: similar.py in a process of its own, because it needs a database and the settings of the site."""
    told = subprocess.run([sys.executable, BASE / "bench" / "similar.py", "--archive", str(archived)], check=True, capture_output=True)
    yield from json.loads(told.stdout).items()


MEASURES: tuple[Callable[[], Iterator[tuple[str, float]]], ...] = (times, masking, evading, bombing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--archive", type=int, default=20_000, metavar="COUNT", help="answered questions to search in (20,000)")
    options = parser.parse_args()
    measures = (*MEASURES, partial(searching, options.archive))
    figures = {name: round(figure, 4) for measure in measures for name, figure in measure()}
    text = json.dumps(figures, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
