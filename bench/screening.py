"""How long screening takes with short and long word lists, what it finds of what is hidden from it, and what it finds in vain."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from interview.markup import paragraphs  # noqa: E402
from interview.text import QUESTION_LIMIT, clean, clean_line  # noqa: E402
from moderation import highlights, lexicon, shingles  # noqa: E402
from moderation.screening import contacts, manners, numbers, personal, places  # noqa: E402
from moderation.screening.findings import Consequence, outermost  # noqa: E402
from moderation.screening.folding import fold, simplified  # noqa: E402
from moderation.screening.matches import Typed  # noqa: E402
from moderation.screening.screened import screen  # noqa: E402
from moderation.screening.skeleton import skeleton  # noqa: E402
from moderation.screening.syllables import spell  # noqa: E402
from moderation.screening.words import WordList, Words  # noqa: E402
from tests.moderation.screening.bombs import bombs  # noqa: E402
from tests.moderation.screening.evasions import LIST, evasions  # noqa: E402
from tests.moderation.screening.specimens import clean_questions, specimens  # noqa: E402

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


def slowness() -> Iterator[tuple[str, float | str]]:
    """The longest that any part takes for 50 kB made to be slow, in milliseconds, and by how much twice the length takes longer.

    Parts see what stands before them: doors measure first, so that screening never gets more than 2,000 characters of a netizen's
    (slowest_question_ms: all of it, for the 1,000 of a question).
    """
    listed = Words([invented(20_000), LIST])
    taken = []
    for number, bomb in enumerate(bombs()):
        taken += [(_fastest(part, of=1), name, number, bomb) for name, part in _parts(_of_bytes(bomb, 50_000), listed)]
    # Once more for the slowest one of each part: the machine may have had something else to do.
    parts = {found[1]: found for found in sorted(taken)}.values()
    again = sorted((_part(name, bomb, 50_000, listed), name, number, bomb) for _, name, number, bomb in parts)
    slowest, name, number, bomb = again[-1]
    yield "slowest_ms_50k", slowest
    yield "slowest_part", name
    yield "slowest_bomb", f"{number}: {bomb[:12]!a}"
    yield "growth_25k_to_50k", max(whole / _part(name, bomb, 25_000, listed) for whole, name, _, bomb in again if whole > 10)
    yield "slowest_question_ms", max(_fastest(partial(screen, clean(bomb[:1_000]), words=listed), of=3) for bomb in bombs())


def _parts(text: str, listed: Words) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each function that a text goes through, and what it works on made ready. Not the caches: what is kept there was made by one of these."""
    plain, folded, told = skeleton(text), fold(text), shingles.bare(text)
    spelt = spell(folded)
    data = personal.find(text)
    found = [*listed.find(text), *data]
    rows = [asdict(finding) for finding in found]
    nobody = {"persons": ["张三", "李四"], "offices": ["市自来水公司总经理"]}
    yield "text.clean", partial(clean, text)
    yield "text.clean_line", partial(clean_line, text)
    yield "markup.paragraphs", partial(paragraphs, text)
    yield "markup.paragraphs with links", partial(paragraphs, text, links=True)
    yield "skeleton.skeleton", partial(skeleton.__wrapped__, text)
    yield "folding.fold", partial(fold.__wrapped__, text)
    yield "folding.squeezed", folded.squeezed
    yield "folding.han", folded.han
    yield "folding.simplified", partial(simplified, text)
    yield "syllables.spell", partial(spell, folded)
    yield "matches.Typed", partial(Typed, text, spelt)
    yield "words.find", partial(listed.find, text)
    yield "numbers.find", lambda: [*numbers.find(text, plain)]
    yield "contacts.find", lambda: [*contacts.find(text, plain)]
    yield "places.find", lambda: [*places.find(plain)]
    yield "personal.mask", partial(personal.mask, text, data)
    yield "manners.find_links", partial(manners.find_links, text)
    yield "manners.find", partial(manners.find, text)
    yield "findings.outermost", partial(outermost, found)
    yield "highlights.cut", partial(highlights.cut, text, rows)
    yield "lexicon.find", partial(lexicon.find, text, **nobody)
    yield "shingles.bare", partial(shingles.bare, text)
    yield "shingles.numbers", partial(shingles.numbers, told, size=3)
    yield "shingles.chosen", partial(shingles.chosen, shingles.numbers(told, size=2), 96)
    # With the longest that is kept.
    yield "shingles.likeness", partial(shingles.likeness, told, told[::-1][:QUESTION_LIMIT])


def _of_bytes(text: str, size: int) -> str:
    return text.encode(errors="ignore")[:size].decode(errors="ignore")


def _part(name: str, bomb: str, size: int, listed: Words) -> float:
    return _fastest(dict(_parts(_of_bytes(bomb, size), listed))[name], of=5)


def _fastest(part: Callable[[], object], *, of: int) -> float:
    taken = []
    for _ in range(of):
        start = time.perf_counter()
        part()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def searching(archived: int) -> Iterator[tuple[str, float]]:
    """Who asked the same: similar.py in a process of its own, because it needs a database and the settings of the site."""
    told = subprocess.run([sys.executable, BASE / "bench" / "similar.py", "--archive", str(archived)], check=True, capture_output=True)
    yield from json.loads(told.stdout).items()


MEASURES: tuple[Callable[[], Iterator[tuple[str, float]] | Iterator[tuple[str, float | str]]], ...] = (times, masking, evading, slowness)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--archive", type=int, default=20_000, metavar="COUNT", help="answered questions to search in (20,000)")
    options = parser.parse_args()
    measures = (*MEASURES, partial(searching, options.archive))
    figures = {name: figure if isinstance(figure, str) else round(figure, 4) for measure in measures for name, figure in measure()}
    text = json.dumps(figures, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
