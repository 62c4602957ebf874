import json

import pytest
from django.utils import timezone

from archive import linked
from archive.edition import gather
from archive.importing import import_transcript
from interview import entries, transcript
from tests import scenes as make
from tests.archive.records import OPENED, held, record

pytestmark = pytest.mark.django_db


def graph(programme) -> dict[str, dict]:
    written = linked.write(gather(programme), published_at=timezone.now())
    return {node["@type"]: node for node in json.loads(written)["@graph"]}


def test_an_interview_is_an_event_held_online():
    programme = import_transcript(record(make.organisation(name="浔江市自来水公司")), by=make.editor())
    event = graph(programme)["Event"]
    assert (event["name"], event["startDate"], event["endDate"]) == (
        "汛期供水与龙头水质",
        "2010-07-14T15:00:00+08:00",
        "2010-07-14T16:00:00+08:00",
    )
    assert event["performer"] == [
        {
            "@type": "Person",
            "name": "蔺守田",
            "jobTitle": "市自来水公司总经理",
            "worksFor": {"@type": "Organization", "name": "浔江市自来水公司"},
        }
    ]


def test_what_was_said_is_a_conversation_of_questions_and_their_answers():
    programme = import_transcript(record(make.organisation(name="浔江市自来水公司")), by=make.editor())
    parts = graph(programme)["Conversation"]["hasPart"]
    answered_by = [part["acceptedAnswer"][0]["author"] for part in parts]
    assert [(part["@id"], part["text"], part["author"]["name"]) for part in parts] == [
        ("#entry-2", "水发黄，能喝吗？", "铁匠巷老住户"),
        ("#entry-5", "二次供水谁管？", "匿名网友"),
    ]
    assert answered_by == [
        {"@type": "Person", "name": "蔺守田", "jobTitle": "市自来水公司总经理"},
        {"@type": "Organization", "name": "浔江市自来水公司"},
    ]


def test_withdrawn_words_are_not_told():
    programme, editor = held()
    entry = entries.of(programme).get(text="今晚八点前恢复。")
    transcript.withdraw(entry=entry, reason="有误", by=editor)
    part = graph(programme)["Conversation"]["hasPart"][0]
    assert (part["answerCount"], "acceptedAnswer" in part) == (0, False)


def test_nothing_in_it_can_end_the_script_element():
    hostile = "</script><script>alert(1)</script><!--<script>]]>&amp;\u2028\u2029"
    editor = make.editor()
    programme = import_transcript(record(make.organisation(), title=hostile, introduction=hostile, opened_at=OPENED), by=editor)
    written = linked.write(gather(programme), published_at=timezone.now())
    assert set("<>&\u2028\u2029") & set(written) == set()
    assert json.loads(written)["@graph"][0]["name"] == programme.title
