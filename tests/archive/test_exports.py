import json

import pytest

from archive import exports
from archive.edition import gather
from archive.importing import import_transcript
from interview import entries, transcript
from tests import scenes as make
from tests.archive.records import held, record

pytestmark = pytest.mark.django_db


def imported():
    editor = make.editor()
    return import_transcript(record(make.organisation(name="浔江市自来水公司")), by=editor), editor


def test_the_same_words_give_the_same_bytes():
    programme, _editor = held()
    first, second = gather(programme), gather(programme)
    assert exports.write_json(first) == exports.write_json(second)
    assert exports.write_text(first) == exports.write_text(second)


def test_the_entries_are_those_that_programs_follow_live():
    programme, _editor = held()
    said = json.loads(exports.write_json(gather(programme)))
    told = [event.data for event in make.events(f"stage:{programme.pk}") if event.kind == "entry.published"]
    assert said["entries"] == told


def test_the_json_says_what_the_interview_was(settings):
    programme, _editor = imported()
    said = json.loads(exports.write_json(gather(programme)))
    assert (said["format"], said["version"]) == ("fangtan-transcript", 1)
    assert said["site"] == {"name": settings.SITE_NAME, "domain": settings.SITE_DOMAIN, "id_code": settings.SITE_ID_CODE}
    assert said["programme"] == {
        "id": str(programme.pk),
        "title": "汛期供水与龙头水质",
        "topic": "供水保障与水质",
        "introduction": "进入主汛期，水源浊度升高。",
        "unit": "浔江市自来水公司",
        "planned_start": "2010-07-14T07:00:00+00:00",
        "planned_minutes": 60,
        "opened_at": "2010-07-14T07:00:00+00:00",
        "closed_at": "2010-07-14T08:00:00+00:00",
        "cover": None,
        "rehearsal": False,
        "imported": True,
    }
    assert said["guests"] == [{"name": "蔺守田", "post": "市自来水公司总经理", "organisation": "浔江市自来水公司", "portrait": None}]
    assert said["questions"] == {"received": 4, "answered": 2, "owed": 1, "declined": 1, "withdrawn": 0, "unscreened": 0}
    assert said["owed"] == [
        {"number": "0714-003", "asker": "小满妈妈", "text": "漂白粉味重。", "edited_at": None, "received_at": "2010-07-14T07:02:00+00:00"},
    ]


def test_nothing_private_of_an_asker_is_exported():
    programme, _editor = held()
    written = exports.write_json(gather(programme)) + exports.write_text(gather(programme))
    for question in programme.questions.all():
        for private in (question.visitor, question.receipt_token, str(question.client_token), question.address):
            assert private.encode() not in written


def test_unapproved_and_declined_words_are_not_exported():
    programme, _editor = imported()
    make.question(programme, text="还没有人看过的话")
    written = (exports.write_json(gather(programme)) + exports.write_text(gather(programme))).decode()
    assert "加我微信" not in written
    assert "还没有人看过的话" not in written


def test_the_text_reads_by_itself():
    programme, editor = imported()
    transcript.revise(entry=entries.of(programme).get(position=1), text="请各位网友提问。", seen=1, by=editor)
    transcript.withdraw(entry=entries.of(programme).get(position=4), reason="口误", by=editor)
    revised = entries.of(programme).get(position=1)
    rule = "─" * 36
    asked = "2010-07-14 15:05 [提问] 铁匠巷老住户 0714-001\n水发黄，能喝吗？"
    answered = "2010-07-14 15:05 [答复] 蔺守田 市自来水公司总经理 0714-001\n放清了再接。"
    assert exports.write_text(gather(programme)).decode().split("\n\n") == [
        "汛期供水与龙头水质",
        (
            "主题：供水保障与水质\n时间：2010-07-14 15:00 — 16:00（北京时间）\n承办单位：浔江市自来水公司\n嘉宾：蔺守田（市自来水公司总经理）\n"
            "主持：苏禾\n提问：收到4个，已答复2个，待书面答复1个\n来源：湖滨市人民政府门户网站"
        ),
        "进入主汛期，水源浊度升高。",
        rule,
        f"2010-07-14 15:00 [发言] 苏禾 （{make.local(revised.revised_at):%Y-%m-%d %H:%M} 修订）\n请各位网友提问。",
        asked,
        answered,
        "2010-07-14 15:55 [发言] 蔺守田 市自来水公司总经理\n（这一条已撤下。原因：口误）",
        "2010-07-17 15:00 [提问] 匿名网友 0714-004\n二次供水谁管？",
        "2010-07-17 15:00 [答复] 浔江市自来水公司 0714-004\n由产权单位负责清洗。",
        rule,
        "待书面答复的提问",
        "0714-003 小满妈妈\n漂白粉味重。\n",
    ]


def test_what_a_moderator_edited_is_marked_where_it_was_answered_and_where_it_is_owed():
    programme, _editor = imported()
    programme.questions.filter(number__in=[1, 3]).update(edited_at=programme.opened_at)
    said = json.loads(exports.write_json(gather(programme)))
    assert [entry["edited_at"] for entry in said["entries"]].count("2010-07-14T07:00:00+00:00") == 1
    assert [owed["edited_at"] for owed in said["owed"]] == ["2010-07-14T07:00:00+00:00"]
    told = exports.write_text(gather(programme)).decode()
    assert [line for line in told.splitlines() if "由审核员编辑" in line] == [
        "2010-07-14 15:05 [提问] 铁匠巷老住户 0714-001 （由审核员编辑）", "0714-003 小满妈妈 （由审核员编辑）",
    ]  # fmt: skip


def test_the_text_of_a_rehearsal_says_so_first():
    programme, _editor = held(rehearsal=True)
    assert exports.write_text(gather(programme)).decode().startswith("【演练】这不是正式访谈。\n")
