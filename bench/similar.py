"""How long it takes to find who asked the same, among 3,000 open questions of one programme and an archive of answered ones; all invented."""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
_parser = argparse.ArgumentParser(description=__doc__)
_parser.add_argument("--archive", type=int, default=20_000, metavar="COUNT", help="answered questions in the archive (20,000)")
_parser.add_argument(
    "--database", metavar="URL", help="filled if it is empty, and kept: the next run only searches in it (a new one on SQLite)"
)
_options = _parser.parse_args()
# A database of its own, whatever this machine is set up for.
_folder = tempfile.TemporaryDirectory(prefix="fangtan-similar-")
_database = _options.database or f"sqlite:///{_folder.name}/fangtan.sqlite3"
os.environ |= {"DATA_DIR": _folder.name, "DATABASE_URL": _database, "DJANGO_SETTINGS_MODULE": "settings"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import BigAutoField, Model  # noqa: E402
from django.utils import timezone  # noqa: E402

from interview.models import Entry, Programme, Question  # noqa: E402
from moderation import fingerprints, shingles, similar  # noqa: E402
from moderation.models import Indexed  # noqa: E402
from organisations.identifiers import new_id  # noqa: E402
from organisations.models import Kind, Organisation  # noqa: E402

OPEN = 3_000
PER_PROGRAMME = 200
SEARCHES = 400
# What every sentence is full of.
FILLING = (
    "我们",
    "请问",
    "你们",
    "的",
    "了",
    "什么时候",
    "为什么",
    "怎么",
    "能不能",
    "希望",
    "已经",
    "一直",
    "还没有",
    "请",
    "在",
    "就",
    "也",
)


class Inventor:
    """Texts of invented words: some used often and most hardly ever, as words are; the same seed gives the same."""

    def __init__(self, seed: int, words: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - invented words
        characters = [chr(0x4E00 + place * 7) for place in range(2_500)]
        self.words = ["".join(self.chance.choices(characters, k=self.chance.choice((2, 2, 2, 3)))) for _ in range(words)]
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(words)))

    def text(self) -> str:
        """About 200 characters, rarely 20 or 900, in sentences with what every sentence is full of."""
        length = min(900, max(20, round(self.chance.lognormvariate(5.3, 0.6))))
        words = self.chance.choices(self.words, cum_weights=self.weights, k=length // 3)
        for place in range(0, len(words), 4):
            words[place] = self.chance.choice(FILLING) + words[place]
        for place in range(5, len(words), 6):
            words[place] += "，"
        return "".join(words) + "？"

    def beginning(self, text: str) -> str:
        """What stands in the field before it is written to its end."""
        return text[: self.chance.randint(12, 40)]

    def reworded(self, text: str) -> str:
        """A third is left out, the sentences come in another order."""
        kept = [part[self.chance.randint(0, 5) :] for part in text.rstrip("？").split("，") if self.chance.random() < 0.8] or [text]
        self.chance.shuffle(kept)
        return "，请问".join(kept)


Sample = tuple[Inventor, list[str]]


def measure(archived: int) -> Iterator[tuple[str, float]]:
    """Searches as of somebody who types; a search looks among the open and among the answered ones."""
    call_command("migrate", verbosity=0)
    if not Programme.objects.exists():
        start = time.perf_counter()
        fill(archived)
        yield "similar_build_s", time.perf_counter() - start
    yield "similar_open", Question.objects.filter(state="approved").count()
    yield "similar_archived", Question.objects.filter(state="answered").count()
    yield from search(Programme.objects.get(state="live"), subject(), library())


def library() -> Inventor:
    """Of the archive, which is about everything."""
    return Inventor(1, 40_000)


def subject() -> Inventor:
    """Of one programme, which is about one thing: fewer words, which come again and again."""
    return Inventor(2, 1_500)


def fill(archived: int) -> None:
    """An open programme, and an archive of past ones."""
    unit = Organisation.objects.create(name="试验公司", kind=Kind.ENTERPRISE)
    now = timezone.now()
    plan = {"title": "试验", "topic": "试验", "unit": unit, "planned_start": now, "announced_at": now - timedelta(days=7)}
    past, present = library(), subject()
    with transaction.atomic():
        for _count in range(0, archived, PER_PROGRAMME):
            programme = Programme.objects.create(**plan, state="archived", opened_at=now, closed_at=now, archived_at=now)
            ask(programme, [past.text() for _ in range(PER_PROGRAMME)], "answered")
        ask(Programme.objects.create(**plan, state="live", opened_at=now), [present.text() for _ in range(OPEN)], "approved")
    if connection.vendor == "postgresql":
        # It does so by itself a minute later.
        connection.cursor().execute("VACUUM ANALYZE")


def ask(programme: Programme, texts: list[str], state: str) -> None:
    """Questions of one state, in the index, and in the transcript if they are answered."""
    question = Question(programme=programme, number=0, digest="", origin="live", visitor="", state=state, client_token=UUID(int=0))
    keys = [new_id() for _ in texts]
    rows = [
        {"id": key.hex, "number": number, "label": f"0730-{number:03d}", "receipt_token": key.hex, "client_token": key.hex, "text": text}
        for number, (key, text) in enumerate(zip(keys, texts, strict=True), start=1)
    ]
    store(question, rows)
    shelved = state == "answered"
    store(
        Indexed(question=question, programme=programme, group=question, shelved=shelved),
        [{"question_id": row["id"], "group_id": row["id"], "told": shingles.bare(str(row["text"]))} for row in rows],
    )
    if shelved:
        fingerprints.put(Indexed.objects.filter(question__in=keys))
        said = [
            {"id": new_id().hex, "position": 2 * place + later, "kind": kind, "question_id": row["id"], "text": words}
            for place, row in enumerate(rows)
            for later, kind, words in ((1, "question", row["text"]), (2, "answer", "已经安排，本月内完成。"))
        ]
        store(Entry(programme=programme, position=0, voice="guest"), said)


def store(like: Model, rows: list[dict[str, object]]) -> None:
    """Rows as `like` one, but for these columns; past the models, which would take most of the time."""
    usual = {
        field.column: field.get_db_prep_save(field.pre_save(like, add=True), connection)
        for field in like._meta.concrete_fields
        if not isinstance(field, BigAutoField)
    }
    columns = ", ".join(connection.ops.quote_name(column) for column in usual)
    marks = ", ".join(["%s"] * len(usual))
    with connection.cursor() as cursor:
        words = f"INSERT INTO {like._meta.db_table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own tables
        cursor.executemany(words, [tuple((usual | row).values()) for row in rows])


def search(programme: Programme, present: Inventor, past: Inventor) -> Iterator[tuple[str, float]]:
    """Texts that are there, in three ways, and some that are not; in milliseconds, and the share that was found."""
    taken: list[float] = []

    def found(typed: str, text: str) -> bool:
        start = time.perf_counter()
        open_ones, answered = similar.for_reader(programme, typed)
        taken.append((time.perf_counter() - start) * 1000)
        return text in {each.question.text for each in [*open_ones, *answered]}

    ways: dict[str, Callable[[Inventor, str], str]] = {
        "same": lambda _inventor, text: text,
        "beginning": Inventor.beginning,
        "reworded": Inventor.reworded,
    }
    for where, inventor, state in (("open", present, "approved"), ("archived", past, "answered")):
        # From here on others than were stored.
        inventor.chance.seed(where)
        keys = list(Question.objects.filter(state=state).order_by("pk").values_list("pk", flat=True))
        for place, (name, way) in enumerate(ways.items()):
            texts = [Question.objects.get(pk=key).text for key in keys[place :: max(1, len(keys) // (SEARCHES // 8))]]
            hits = [found(way(inventor, text), text) for text in texts]
            yield f"similar_found_{where}_{name}", sum(hits) / len(hits)
        for _ in range(SEARCHES // 8):
            found(inventor.text(), "")
    yield "similar_searches", len(taken)
    yield "similar_median_ms", statistics.median(taken)
    yield "similar_p95_ms", statistics.quantiles(taken, n=20)[-1]


def main() -> None:
    print(json.dumps({name: round(figure, 4) for name, figure in measure(_options.archive)}, indent=2))


if __name__ == "__main__":
    main()
