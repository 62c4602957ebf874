import json
from uuid import UUID, uuid4

import pytest

from interview.models import Programme
from interview.states import ProgrammeState
from interview.text import clean
from moderation import vocabulary, wordings
from rehearsal import sums
from rehearsal.cast import Cast, Member
from rehearsal.pace import Pace
from rehearsal.people import Slip
from rehearsal.play import Play, token
from rehearsal.reader import Reader
from rehearsal.script import Asked, Person, Script
from rehearsal.sums import Report
from tests import scenes as make
from tests.rehearsal.company import pages

ANSWERED = Asked(at=1, text="水压什么时候恢复？", decision="approve", answer_at=2, answer_by="director", answer="今晚。")
OWED = Asked(at=2, text="谁来修路？", decision="approve")
DECLINED = Asked(at=3, text='某某单位的"事"，\n谁来管？', decision="decline", reason="off_topic")
WAITING = Asked(at=4, text="还没有人看过。", decision="wait")
TURNS = [ANSWERED, OWED, DECLINED, WAITING]
STATES = ["answered", "owed", "declined", "received"]


def entry(position: int, text: str, kind: str = "remark") -> dict:
    return {"position": position, "text": text, "kind": kind}


PUBLISHED = [entry(1, "各位网友好。"), entry(2, ANSWERED.text, "question"), entry(3, "今晚。", "answer")]


def played(*, url: str = "http://127.0.0.1:1", programme: UUID | None = None) -> Play:
    """A play after which everybody has their receipt."""
    nobody = Member("", "", "")
    cast = Cast(programme_id=programme or uuid4(), host=nobody, stenographer=nobody, moderators=[nobody], editor=nobody)
    play = Play(
        url=url,
        script=Script(title="供水", topic="供水", unit="公司", host=Person("苏禾"), guests=[], turns=[*TURNS]),
        cast=cast,
        pace=Pace(0),
    )
    for number, fate in enumerate(play.fates, start=1):
        fate.slip = Slip(f"0730-{number:03d}", f"/receipts/{number}/", number / 1000)
    return play


def receipts(states: list[str]) -> dict[str, str]:
    return {f"/receipts/{number}/": f'<p id="receipt-state" data-state="{state}">' for number, state in enumerate(states, start=1)}


def page(numbers: list[int], **words: str) -> str:
    """A page with these entries of PUBLISHED; `_2="…"` lets the second one read otherwise."""
    said = {each["position"]: words.get(f"_{each['position']}", each["text"]) for each in PUBLISHED}
    return "".join(f'<article class="entry" id="entry-{number}"><p>苏禾</p>\n<p>{said[number]}</p></article>' for number in numbers)


def heard(play: Play, *entries: dict) -> Reader:
    stage = f"stage:{play.cast.programme_id}"
    reader = Reader(play.url, [stage])
    Reader._append(reader.logs[stage], "e", [[number, "entry.published", data] for number, data in enumerate(entries, start=1)])
    return reader


async def test_receipts_agree_and_are_counted():
    report = Report()
    async with pages(receipts(STATES)) as url:
        await sums.receipts(report, played(url=url))
    assert report.wrong == []
    assert report.counts == {
        "questions_sent": 4,
        "receipts": 4,
        "acknowledged_ms_median": 2.5,
        "acknowledged_ms_p99": 4.0,
        "states": {"answered": 1, "declined": 1, "owed": 1, "received": 1},
    }


async def test_a_missing_receipt_a_number_given_twice_and_a_wrong_state_are_found():
    async with pages(receipts(["answered", "approved", "declined", "received"])) as url:
        missing, twice = played(url=url), played(url=url)
        missing.fates[0].slip = None
        twice.fates[0].slip = twice.fates[2].slip
        reports = [Report(), Report()]
        for report, play in zip(reports, (missing, twice), strict=True):
            await sums.receipts(report, play)
    wrong = "state of 0730-002: expected owed, got approved"
    assert reports[0].wrong == ["receipts: expected 4, got 3", wrong]
    assert reports[1].wrong == ["receipts: expected 4, got 3", "state of 0730-003: expected answered, got declined", wrong]


async def test_a_receipt_without_a_state_is_found():
    async with pages(receipts(STATES) | {"/receipts/4/": "<p>"}) as url:
        await sums.receipts(report := Report(), played(url=url))
    assert report.wrong == ["state of 0730-004: expected received, got none"]


async def test_without_any_receipt_nothing_is_measured():
    play = played()
    for fate in play.fates:
        fate.slip = None
    await sums.receipts(report := Report(), play)
    assert report.wrong == ["receipts: expected 4, got 0"]
    assert report.counts == {"questions_sent": 4, "receipts": 0, "states": {}}


def stored(row, play, number, sent, shown=None):
    question = make.question(row, client_token=token(play.cast, number), text=vocabulary.look(sent).masked if shown is None else shown)
    wordings.add(question=question, text=sent, by=None)


@pytest.mark.django_db
def test_stored_questions_are_those_that_were_sent_and_are_shown_masked():
    row = make.programme(state=ProgrammeState.LIVE)
    play = played(programme=row.pk)
    play.fates[0].turn = Asked(at=1, text="请打13800138000。", decision="approve", answer_at=9, answer_by="guest", answer="好。")
    for number, fate in enumerate(play.fates):
        stored(row, play, number, fate.turn.text)
    make.question(row, text="别人的提问")
    sums.database(report := Report(), play)
    assert (report.wrong, report.counts) == ([], {"questions_masked": 1})


@pytest.mark.django_db
def test_a_question_that_is_not_stored_was_changed_or_is_shown_in_clear_is_found():
    row = make.programme(state=ProgrammeState.LIVE)
    play = played(programme=row.pk)
    play.fates[0].turn = Asked(at=1, text="请打13800138000。", decision="approve", answer_at=9, answer_by="guest", answer="好。")
    stored(row, play, 0, play.fates[0].turn.text, shown=play.fates[0].turn.text)
    stored(row, play, 1, TURNS[1].text.replace("路", "桥"), shown=TURNS[1].text)
    stored(row, play, 2, clean(TURNS[2].text))
    sums.database(report := Report(), play)
    assert report.wrong == [
        "questions stored: expected 4, got 3",
        "questions whose words changed: expected [], got ['0730-002']",
        "questions shown otherwise than masked: expected [], got ['0730-001']",
    ]


COUNTS = {
    "received": 4,
    "waiting": 1,
    "approved": 0,
    "declined": 1,
    "answered": 1,
    "owed": 1,
    "reasons": {"off_topic": 1},
    "median_wait_seconds": 7,
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"owed": 2}, ["owed on the public page of counts: expected 1, got 2"]),
        ({"received": 3}, ["received on the public page of counts: expected 4, got 3"]),
        ({"reasons": {"legal": 1}}, ["reasons on the public page of counts: expected {'off_topic': 1}, got {'legal': 1}"]),
    ],
)
async def test_the_public_counts_are_those_of_the_script(change, wrong):
    programme = uuid4()
    async with pages({f"/interviews/{programme}/screening/?format=json": json.dumps(COUNTS | change)}) as url:
        await sums.screening(report := Report(), played(url=url, programme=programme))
    assert (report.wrong, report.counts) == (wrong, {"median_wait_seconds": 7})


@pytest.mark.django_db
def test_the_transcript_is_what_was_published_in_order(client):
    row = make.programme(state=ProgrammeState.LIVE)
    for position in (2, 1):
        row.entries.create(position=position, kind="remark", voice="host", text=f"第{position}句")
    published = sums.transcript(played(programme=row.pk))
    assert [(one["position"], one["text"]) for one in published] == [(1, "第1句"), (2, "第2句")]
    assert Programme.objects.count() == 1


@pytest.mark.parametrize(("shown", "wrong"), [([3, 2, 1], []), ([1, 2], ["[1, 2]"]), ([1, 2, 2, 3], ["[1, 2, 2, 3]"])])
async def test_the_page_shows_every_entry_once(shown, wrong):
    programme, report = uuid4(), Report()
    async with pages({f"/interviews/{programme}/": page(shown)}) as url:
        await sums.page(report, played(url=url, programme=programme), PUBLISHED)
    assert report.wrong == [f"entries on the page: expected [1, 2, 3], got {got}" for got in wrong]
    assert report.counts == {"entries_published": 3, "answers_published": 1}


async def test_words_that_are_others_on_the_page_are_found():
    programme, report = uuid4(), Report()
    async with pages({f"/interviews/{programme}/": page([1, 2, 3], _3="明晚。")}) as url:
        await sums.page(report, played(url=url, programme=programme), PUBLISHED)
    assert report.wrong == ["entries whose words are others on the page: expected [], got [3]"]


def test_readers_who_got_everything_once_and_in_order_agree():
    play = played()
    sums.readers(report := Report(), play, [heard(play, *PUBLISHED), heard(play, *PUBLISHED)], PUBLISHED)
    assert report.wrong == []
    assert report.counts == {"readers": 2, "events_delivered": 6}


@pytest.mark.parametrize(
    "got",
    [
        PUBLISHED[:2],
        [*PUBLISHED, PUBLISHED[2]],
        [PUBLISHED[0], PUBLISHED[2], PUBLISHED[1]],
        [*PUBLISHED[:2], entry(3, "明晚。", "answer")],
    ],
)
def test_a_reader_who_got_something_else_is_found(got):
    play = played()
    sums.readers(report := Report(), play, [heard(play, *PUBLISHED), heard(play, *got)], PUBLISHED)
    assert [wrong.split(":")[0] for wrong in report.wrong] == ["entries of reader 2"]


@pytest.mark.parametrize("turn", [DECLINED, WAITING])
def test_words_that_were_not_approved_and_reached_a_reader_are_found(turn):
    play = played()
    stage = f"stage:{play.cast.programme_id}"
    reader = heard(play, *PUBLISHED)
    Reader._append(reader.logs[stage], "e", [[4, "question.changed", {"question": {"text": f"网友：{turn.text}"}}]])
    sums.readers(report := Report(), play, [reader], PUBLISHED)
    assert report.wrong == [f"unscreened words seen by reader 1: expected [], got {[turn.text]}"]


@pytest.mark.parametrize(
    ("archived", "kept", "wrong"),
    [
        (PUBLISHED, page([1, 2, 3]), []),
        (PUBLISHED[:2], page([1, 2, 3]), ["entries archived: expected [(1, '各位网友好。'), (2, '水压什么时候恢复？'), (3, '今晚。')]"]),
        (
            [*PUBLISHED[:2], entry(3, "明晚。", "answer")],
            page([1, 2, 3]),
            ["entries archived: expected [(1, '各位网友好。'), (2, '水压什么时候恢复？'), (3, '今晚。')]"],
        ),
        (
            PUBLISHED,
            page([1, 2]),
            ["entries on the archived page: expected [1, 2, 3]", "entries that read otherwise in the archive: expected []"],
        ),
        (PUBLISHED, page([1, 2, 3], _1="各位好。"), ["entries that read otherwise in the archive: expected []"]),
    ],
)
async def test_the_archive_is_the_transcript_and_the_page(archived, kept, wrong):
    report, programme = Report(), uuid4()
    served = {
        f"/interviews/{programme}/": page([1, 2, 3]),
        "/archive/one/": kept,
        "/archive/one/transcript.json": json.dumps({"entries": archived}),
    }
    async with pages(served) as url:
        await sums.archive(report, played(url=url, programme=programme), PUBLISHED, "/archive/one/")
    assert [one.split(", got")[0] for one in report.wrong] == wrong
    assert report.counts == {"archived": "/archive/one/"}


def test_the_report_says_what_is_wrong_or_that_nothing_is():
    report = Report(counts={"questions_sent": 4})
    assert report.as_text().splitlines() == ["questions sent                   4", "All sums agree."]
    report.expect("receipts", 4, 3)
    report.expect("readers", 4, 4)
    assert json.loads(report.as_json()) == {"questions_sent": 4, "wrong": ["receipts: expected 4, got 3"]}
    assert report.as_text().splitlines() == ["questions sent                   4", "WRONG  receipts: expected 4, got 3"]


def test_states_that_are_expected_after_the_close():
    assert [sums.expected_state(fate) for fate in played().fates] == STATES
