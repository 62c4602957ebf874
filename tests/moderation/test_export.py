"""The table for auditors: whole, inert in a spreadsheet, and enough to make the digests again."""

import csv
import io
import json

import pytest

from interview.states import ProgrammeState
from moderation import audit, chain, decisions, export
from moderation.models import Record
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db

FORMULAS = [
    f"{first}{rest}"
    for first in ("=", "+", "-", "@", "\t=", "\r=", "\0=", "＝", "＋", "－", "＠")
    for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","看")', "SUM(A1:A9)")
]


def table(lines):
    text = "".join(lines)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_every_row_of_the_programme_and_the_export_itself():
    programme = make.programme(state=ProgrammeState.LIVE)
    chen, editor = make.seated(programme, "moderator", user=make.user(name="陈审核", username="chen")), make.editor(username="lin")
    question = make.question(programme)
    decisions.decline(question=question, reason="unclear", words='请写清"哪里",谢谢。', by=chen)
    decisions.approve(question=make.question(make.programme(state=ProgrammeState.LIVE)), by=editor)
    rows = table(export.begin(programme=programme, by=editor))
    assert [(row["number"], row["action"], row["question"], row["reason"], row["words"], row["by"]) for row in rows] == [
        ("1", "decline", question.label, "unclear", '请写清"哪里",谢谢。', "chen"),
        ("2", "export", "", "", "", "lin"),
    ]


def test_an_auditor_makes_the_digests_again_from_the_table():
    editor = make.editor()
    audit.record(action=Record.Action.LIST_CHANGE, by=editor, data={"list": "广告", "added": 2})
    previous = ""
    for row in table(export.begin(programme=None, by=editor)):
        columns = {
            "id": row["id"], "chain": row["chain"], "number": int(row["number"]), "programme": row["programme_id"] or None,
            "question": row["question_id"] or None, "action": row["action"], "reason": row["reason"], "words": row["words"],
            "data": json.loads(row["data"]), "by": row["by_id"] or None, "at": row["at"],
        }  # fmt: skip
        assert (row["previous"], row["digest"]) == (previous, chain.digest(columns, previous=previous))
        previous = row["digest"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_compute_is_text(cell):
    assert export.inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "水压", "1+1", "0730-018", "'=1"])
def test_other_cells_stay_as_they_are(cell):
    assert export.inert(cell) == cell


def test_only_editors_take_it_away_and_who_may_not_is_not_recorded():
    programme = make.programme()
    with pytest.raises(Refused) as caught:
        export.begin(programme=programme, by=make.seated(programme, "moderator"))
    assert (caught.value.code, Record.objects.count()) == ("forbidden", 0)
