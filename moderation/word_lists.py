"""Who changes what screening looks for: lists and their words, each change recorded and effective within two seconds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import is_editor
from interview.models import Seat
from interview.seats import must
from interview.text import clean_line
from moderation import audit, vocabulary
from moderation.models import Word, WordList
from moderation.screening import word_file
from moderation.screening.words import LONGEST, SHORTEST, length
from realtime.commands import Refused

Consequence = WordList.Consequence

# Words named in one row of the record; of more only the count is told, the list itself has them.
NAMED = 20
BATCH = 1_000


@dataclass(frozen=True)
class Imported:
    """What an import did: words added, words that were there already, and lines left out for what is no error."""

    added: int
    known: int
    left_out: int


class BadFile(Refused):
    """Nothing was imported; `lines` says what is wrong in which line."""

    def __init__(self, lines: list[word_file.LineError]) -> None:
        told = "".join(f"第{each.line}行：{each.message}" for each in lines[:20])
        more = f"还有{len(lines) - 20}行也有问题。" if len(lines) > 20 else ""
        super().__init__("invalid", f"没有导入，请改正后重新导入整个文件。{told}{more}", {"file": [each.message for each in lines[:20]]})
        self.lines = lines


def may_keep(user: User) -> bool:
    """Whether the user may add and remove words: editors, and whoever screens a programme."""
    return is_editor(user) or Seat.objects.filter(user=user, role=Seat.Role.MODERATOR).exists()


def all_lists() -> QuerySet[WordList]:
    """Every list with `size`, the count of its words, and `innocents`, that of its innocent ones."""
    return WordList.objects.annotate(
        size=Count("words", filter=Q(words__innocent=False)), innocents=Count("words", filter=Q(words__innocent=True))
    )


@transaction.atomic
def create(*, name: str, category: str, consequence: str, pinyin: bool, by: User) -> WordList:
    """A new, empty list. Raises Refused (forbidden, invalid)."""
    must(is_editor(by), "只有编辑可以新建词表。")
    fields = _checked(name=name, category=category, consequence=consequence)
    row = WordList.objects.create(**fields, pinyin=pinyin)
    _record(row, by, created=[row.category, row.consequence])
    return row


@transaction.atomic
def change(*, word_list: WordList, name: str, category: str, consequence: str, pinyin: bool, enabled: bool, by: User) -> WordList:
    """Another name, category or consequence, with pinyin or without, in use or not. Raises Refused (forbidden, invalid)."""
    must(is_editor(by), "只有编辑可以更改词表的设置。")
    row = _locked(word_list)
    wanted = {**_checked(name=name, category=category, consequence=consequence, but=row), "pinyin": pinyin, "enabled": enabled}
    changed = {key: [getattr(row, key), value] for key, value in wanted.items() if getattr(row, key) != value}
    if changed:
        for key, (_before, value) in changed.items():
            setattr(row, key, value)
        row.save(update_fields=[*changed])
        _touch(row)
        _record(row, by, changed=changed)
    return row


@transaction.atomic
def remove(*, word_list: WordList, by: User) -> None:
    """The list and its words are gone; that they were there stays on the record. Raises Refused (forbidden)."""
    must(is_editor(by), "只有编辑可以删除词表。")
    row = _locked(word_list)
    _record(row, by, removed_list=row.words.count())
    row.delete()
    transaction.on_commit(vocabulary.forget)


@transaction.atomic
def add(*, word_list: WordList, text: str, innocent: bool = False, by: User) -> int:
    """Add words, one in each line of `text`; the count of new ones. Raises Refused (forbidden, invalid), and then adds none."""
    must(may_keep(by), "只有编辑和审核员可以增加词。")
    words = [word for word in map(clean_line, text.splitlines()) if word]
    if not words:
        raise Refused("invalid", "请写下要增加的词，每行一个。", {"text": ["请写下词。"]})
    for word in words:
        if not SHORTEST <= length(word) <= LONGEST:
            detail = f"“{word[:30]}”有{length(word)}个字；一个词要有{SHORTEST}到{LONGEST}个字，标点和空格不算。"
            raise Refused("invalid", detail, {"text": [detail]})
    row = _locked(word_list)
    added = _insert(row, words, innocent=innocent)
    if added:
        _touch(row)
        _record(row, by, added=added, innocent=innocent)
    return len(added)


@transaction.atomic
def drop(*, word_list: WordList, word: str, by: User) -> None:
    """Remove a word; one that is not there is no error. Raises Refused (forbidden)."""
    must(may_keep(by), "只有编辑和审核员可以删除词。")
    row = _locked(word_list)
    removed, _by_model = row.words.filter(text=word).delete()
    if removed:
        _touch(row)
        _record(row, by, dropped=[word])


@transaction.atomic
def import_file(*, word_list: WordList, data: bytes, by: User) -> Imported:
    """Add the words of a file: all of it, or with any error nothing. What is there already stays, and is counted.

    A CSV file may name categories and consequences in its columns; those of other lists than this one are an error of
    their line, for a list has one of each. Raises Refused (forbidden, invalid), BadFile.
    """
    must(is_editor(by), "只有编辑可以导入词表。")
    try:
        file = word_file.read(data)
    except word_file.Unreadable as error:
        raise Refused("invalid", f"没有导入。{error}", {"file": [str(error)]}) from None
    row = _locked(word_list)
    errors = [*file.errors, *_strangers(row, file.lines)]
    if errors:
        raise BadFile(sorted(errors, key=lambda each: each.line))
    words = [line.word for line in file.lines]
    added = _insert(row, words, innocent=False)
    if added:
        _touch(row)
        _record(row, by, added=added)
    return Imported(len(added), len(words) - len(added), len(file.left_out))


def _strangers(row: WordList, lines: Iterable[word_file.Line]) -> list[word_file.LineError]:
    found = []
    for line in lines:
        if line.category and line.category != row.category:
            found.append(
                word_file.LineError(line.line, f"类别是“{line.category[:20]}”，这个词表是“{row.category}”。请导入到那个类别的词表。")
            )
        elif line.consequence is not None and line.consequence != row.consequence:
            label = Consequence(line.consequence).label
            found.append(
                word_file.LineError(line.line, f"后果是“{label}”，这个词表是“{row.get_consequence_display()}”。请导入到另一个词表。")
            )
    return found


def _insert(row: WordList, words: list[str], *, innocent: bool) -> list[str]:
    known = set(row.words.values_list("text", flat=True))
    fresh = [word for word in dict.fromkeys(words) if word not in known]
    Word.objects.bulk_create((Word(list=row, text=word, innocent=innocent) for word in fresh), batch_size=BATCH)
    return fresh


def _checked(*, name: str, category: str, consequence: str, but: WordList | None = None) -> dict[str, str]:
    name, category = clean_line(name)[:60], clean_line(category)[:60]
    fields: dict[str, list[str]] = {}
    for key, value in (("name", name), ("category", category)):
        if not 0 < len(value) <= 40:
            fields[key] = ["请填写，最多40个字。"]
    if consequence not in Consequence.values:
        fields["consequence"] = ["请选择后果。"]
    if WordList.objects.filter(name=name).exclude(pk__in=[but.pk] if but else []).exists():
        fields["name"] = [f"已经有名为“{name}”的词表。"]
    if fields:
        raise Refused("invalid", "".join(f"{_LABELS[key]}：{texts[0]}" for key, texts in fields.items()), fields)
    return {"name": name, "category": category, "consequence": consequence}


_LABELS = {"name": "名称", "category": "类别", "consequence": "后果"}


def _locked(word_list: WordList) -> WordList:
    found = WordList.objects.select_for_update().filter(pk=word_list.pk).first()
    if found is None:
        raise Refused("gone", "这个词表刚刚被删除。请刷新页面。")
    return found


def _touch(row: WordList) -> None:
    row.version += 1
    row.changed_at = timezone.now()
    row.save(update_fields=["version", "changed_at"])
    transaction.on_commit(vocabulary.forget)


def _record(row: WordList, by: User, **what: Any) -> None:
    for key in ("added", "dropped"):
        words = what.get(key)
        if words is not None:
            what |= {key: len(words), "words": words[:NAMED]}
    audit.record(action=audit.Action.LIST_CHANGE, by=by, data={"list": str(row.pk), "name": row.name, **what})
