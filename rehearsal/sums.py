"""After a rehearsal: do the sums agree?"""

import json
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from interview import entries
from interview.models import Programme, Question
from interview.text import clean
from moderation import vocabulary
from rehearsal.browser import Browser
from rehearsal.play import Fate, Play
from rehearsal.reader import Reader

_STATE = re.compile(r'id="receipt-state"[^>]*data-state="(\w+)"')
_ENTRY = re.compile(r'<article[^>]*\bid="entry-(\d+)"[^>]*>(.*?)</article>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass
class Report:
    """What was counted and what does not agree; nothing in `wrong` means that all is well."""

    counts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, expected: object, got: object) -> None:
        """Note a disagreement unless both are equal."""
        if expected != got:
            self.wrong.append(f"{what}: expected {expected}, got {got}")

    def as_json(self) -> str:
        """One object: the counts, and the list `wrong`."""
        return json.dumps({**self.counts, "wrong": self.wrong}, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """A line for each count, then what is wrong or that nothing is."""
        lines = [f"{name.replace('_', ' '):<32} {value}" for name, value in self.counts.items()]
        return "\n".join([*lines, *(f"WRONG  {wrong}" for wrong in self.wrong), "" if self.wrong else "All sums agree."])


def expected_state(fate: Fate) -> str:
    """The state a question of the script ends in after the close."""
    if fate.turn.decision == "decline":
        return "declined"
    if fate.turn.decision == "wait":
        return "received"
    return "answered" if fate.turn.answer_at is not None else "owed"


async def receipts(report: Report, play: Play) -> None:
    """Every question has one receipt with its own number, and the receipt's page shows the state it should."""
    slips = [fate.slip for fate in play.fates if fate.slip is not None]
    report.counts["questions_sent"] = len(play.fates)
    report.counts["receipts"] = len(slips)
    report.expect("receipts", len(play.fates), len({slip.number for slip in slips}))
    waits = sorted(slip.seconds * 1000 for slip in slips)
    if waits:
        report.counts["acknowledged_ms_median"] = round(statistics.median(waits), 1)
        report.counts["acknowledged_ms_p99"] = round(waits[min(len(waits) - 1, int(len(waits) * 0.99))], 1)
    states: Counter[str] = Counter()
    async with Browser(play.url) as browser:
        for fate in play.fates:
            if fate.slip is None:
                continue
            found = _STATE.search(await browser.get(fate.slip.path))
            state = found[1] if found else "none"
            states[state] += 1
            report.expect(f"state of {fate.slip.number}", expected_state(fate), state)
    report.counts["states"] = dict(sorted(states.items()))


def database(report: Report, play: Play) -> None:
    """The stored questions are those that were sent, each once, with the words that were sent; what is shown of them is masked."""
    sent = Question.objects.filter(programme_id=play.cast.programme_id, client_token__in=[fate.token for fate in play.fates])
    kept = {question.client_token: question for question in sent.prefetch_related("wordings")}
    report.expect("questions stored", len(play.fates), len(kept))
    told = [(fate.slip.number, clean(fate.turn.text), kept[fate.token]) for fate in play.fates if fate.slip and fate.token in kept]
    changed = [number for number, words, question in told if [wording.text for wording in question.wordings.all()][:1] != [words]]
    report.expect("questions whose words changed", [], changed)
    bare = [number for number, words, question in told if not question.edited_at and question.text != vocabulary.look(words).masked]
    report.expect("questions shown otherwise than masked", [], bare)
    report.counts["questions_masked"] = sum(question.text != words for _number, words, question in told)


async def screening(report: Report, play: Play) -> None:
    """The public counts of screening are those of the script."""
    async with Browser(play.url) as browser:
        counts = json.loads(await browser.get(f"{_address(play)}screening/?format=json"))
    taken = [fate for fate in play.fates if fate.slip is not None]
    states = Counter(expected_state(fate) for fate in taken)
    reasons = Counter(fate.turn.reason for fate in taken if fate.turn.decision == "decline")
    for name, state in (
        ("waiting", "received"),
        ("approved", "approved"),
        ("declined", "declined"),
        ("answered", "answered"),
        ("owed", "owed"),
    ):
        report.expect(f"{name} on the public page of counts", states[state], counts[name])
    report.expect("received on the public page of counts", len(taken), counts["received"])
    report.expect("reasons on the public page of counts", dict(sorted(reasons.items())), dict(sorted(counts["reasons"].items())))
    report.counts["median_wait_seconds"] = counts["median_wait_seconds"]


def transcript(play: Play) -> list[dict[str, Any]]:
    """The published entries as the archive should have them."""
    return [entries.record(entry) for entry in entries.of(Programme.objects.get(pk=play.cast.programme_id))]


async def page(report: Report, play: Play, published: list[dict[str, Any]]) -> None:
    """The public page shows every entry once, with the words that were published."""
    async with Browser(play.url) as browser:
        shown = _shown(await browser.get(_address(play)))
    report.counts["entries_published"] = len(published)
    report.counts["answers_published"] = sum(entry["kind"] == "answer" for entry in published)
    report.expect("entries on the page", [entry["position"] for entry in published], [number for number, _words in shown])
    published_words = {entry["position"]: _bare(entry["text"] or "") for entry in published}
    changed = [number for number, words in shown if published_words.get(number, "") not in words]
    report.expect("entries whose words are others on the page", [], changed)


def readers(report: Report, play: Play, crowd: list[Reader], published: list[dict[str, Any]]) -> None:
    """Every simulated reader got every entry once, in order, with the words that were published; and nothing unscreened."""
    stage = f"stage:{play.cast.programme_id}"
    expected = [(entry["position"], entry["text"]) for entry in published]
    private = {clean(fate.turn.text) for fate in play.fates if fate.turn.decision != "approve"}
    private -= {clean(fate.turn.text) for fate in play.fates if fate.turn.decision == "approve"}
    for number, reader in enumerate(crowd, start=1):
        events = reader.logs[stage].events
        got = [(event.data["position"], event.data["text"]) for event in events if event.kind == "entry.published"]
        report.expect(f"entries of reader {number}", expected, got)
        told = [_flat(event.data) for event in events]
        leaked = sorted(words for words in private if any(words in text for text in told))
        report.expect(f"unscreened words seen by reader {number}", [], leaked)
    report.counts["readers"] = len(crowd)
    report.counts["events_delivered"] = sum(len(reader.logs[stage].events) for reader in crowd)


def _flat(data: Any) -> str:
    # Not as JSON, which would hide words with quotation marks or new lines behind its escapes.
    if isinstance(data, dict | list):
        return "\n".join(map(_flat, data.values() if isinstance(data, dict) else data))
    return str(data)


async def archive(report: Report, play: Play, published: list[dict[str, Any]], address: str) -> None:
    """The archived transcript is the published one, and the archived page reads as the public one does."""
    async with Browser(play.url) as browser:
        archived = json.loads(await browser.get(f"{address}transcript.json"))
        kept = _shown(await browser.get(address))
        public = _shown(await browser.get(_address(play)))
    report.expect(
        "entries archived", [(e["position"], e["text"]) for e in published], [(e["position"], e["text"]) for e in archived["entries"]]
    )
    report.expect("entries on the archived page", [e["position"] for e in published], [number for number, _words in kept])
    report.expect("entries that read otherwise in the archive", [], sorted({number for number, _words in {*public} ^ {*kept}}))
    report.counts["archived"] = address


def _address(play: Play) -> str:
    return f"/interviews/{play.cast.programme_id}/"


def _shown(html: str) -> list[tuple[int, str]]:
    """The entries of a page by position, each with all that is read in it."""
    return sorted((int(number), _bare(unescape(_TAG.sub("", inside)))) for number, inside in _ENTRY.findall(html))


def _bare(text: str) -> str:
    # Paragraphs and markup put white space where the words have none, and the other way round.
    return "".join(text.split())
