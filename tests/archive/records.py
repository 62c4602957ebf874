"""Interviews for the archive's tests: one as it is held, one as it is imported."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from archive.importing import ImportedAnswer, ImportedGuest, ImportedProgramme, ImportedQuestion, ImportedRemark
from interview import answers, schedule, transcript
from interview.models import Guest, Programme
from interview.states import ProgrammeState
from organisations.models import Organisation
from tests import scenes as make

OPENED = datetime(2010, 7, 14, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def held(**fields) -> tuple[Programme, User]:
    """An interview that has just been held by the usual verbs: a remark, two answers, one question owed; and its editor."""
    editor = make.editor()
    programme = make.programme(state=ProgrammeState.LIVE, **fields)
    host = make.seated(programme, "host", user=make.user(name="苏禾"))
    guest = make.guest(programme, name="周水生", post="市自来水公司总经理")
    transcript.publish_remark(programme=programme, text="各位网友，下午好。", by=host)
    for text, words in (
        ("水压什么时候恢复？", "今晚八点前恢复。"),
        ("水质报告在哪里看？", "每月公布一次，见 https://water.example/report 。"),
    ):
        question = make.approved(programme, text=text)
        answers.answer(question=question, guest=guest, text=words, by=host)
    make.approved(programme, text="老城区的旧管道什么时候换？", nickname="")
    schedule.close(programme=programme, by=host)
    return Programme.objects.get(pk=programme.pk), editor


def speaker(programme: Programme) -> Guest:
    return programme.guests.get()


def record(unit: Organisation, *, key: str = "water-2010-07", **fields) -> ImportedProgramme:
    """The record of an interview of July 2010: a remark, an answer on air, one in writing, one declined, one owed."""
    usual: dict[str, Any] = {
        "title": "汛期供水与龙头水质",
        "topic": "供水保障与水质",
        "introduction": "进入主汛期，水源浊度升高。",
        "host": "苏禾",
        "opened_at": OPENED,
        "guests": [ImportedGuest(key="manager", name="蔺守田", post="市自来水公司总经理", organisation=unit)],
        "turns": [
            ImportedQuestion(
                received_at=OPENED - timedelta(days=2),
                nickname="铁匠巷老住户",
                text="水发黄，能喝吗？",
                answer=ImportedAnswer(at=OPENED + timedelta(minutes=5), text="放清了再接。", guest="manager"),
            ),
            ImportedRemark(at=OPENED, text="请网友提问。"),
            ImportedQuestion(received_at=OPENED + timedelta(minutes=1), text="加我微信", reason="advert", reason_words="含联系方式"),
            ImportedQuestion(received_at=OPENED + timedelta(minutes=2), nickname="小满妈妈", text="漂白粉味重。"),
            ImportedQuestion(
                received_at=OPENED + timedelta(minutes=3),
                text="二次供水谁管？",
                answer=ImportedAnswer(at=OPENED + timedelta(days=3), text="由产权单位负责清洗。"),
            ),
            ImportedRemark(at=OPENED + timedelta(minutes=55), text="感谢大家。", guest="manager"),
        ],
    }
    return ImportedProgramme(key=key, unit=unit, **(usual | fields))
