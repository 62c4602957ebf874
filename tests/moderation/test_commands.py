"""Asking over the socket: the same rules and the same receipt as by form."""

import asyncio
import json
from contextlib import asynccontextmanager
from uuid import uuid4

import msgspec
import pytest
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import callers, visitors
from accounts.callers import Caller
from interview.models import Question
from interview.states import ProgrammeState
from moderation import intake
from moderation.commands import COMMANDS, Ask, answer, ask
from moderation.topics import TOPICS
from realtime.commands import Refused
from realtime.consumers import LiveConsumer
from realtime.hub import Hub
from realtime.topics import TopicTable
from tests import scenes as make

LI = Caller(user=None, visitor="visitor-li", address="192.0.2.1")


def frame(programme_id, **changes):
    usual = {"ref": 1, "programme": programme_id, "token": uuid4(), "nickname": "湖滨老李", "text": "水压什么时候恢复？"}
    return Ask(**(usual | changes))


def cookie():
    response = HttpResponse()
    visitors.ensure(RequestFactory().get("/"), response)
    return response.cookies["visitor"].value


@pytest.mark.django_db
def test_the_answer_is_the_number_and_the_private_address_and_nothing_else():
    programme = make.programme()
    told = ask(LI, frame(programme.pk))
    question = Question.objects.get()
    assert told == {"number": question.label, "url": f"/receipts/{question.receipt_token}/", "created": True}


@pytest.mark.django_db
def test_the_same_token_is_told_the_same():
    programme, token = make.programme(), uuid4()
    first, second = (ask(LI, frame(programme.pk, token=token)) for _send in range(2))
    assert second == first | {"created": False}


@pytest.mark.django_db
@pytest.mark.parametrize("state", [None, ProgrammeState.DRAFT])
def test_what_is_not_public_is_not_there(state):
    key = make.programme(state=state).pk if state else uuid4()
    with pytest.raises(Refused) as caught:
        ask(LI, frame(key))
    assert (caught.value.code, caught.value.detail) == ("not_found", "没有找到这期访谈。请回到访谈目录，从那里进入。")


@pytest.mark.django_db
@pytest.mark.parametrize("state", [ProgrammeState.ENDED, ProgrammeState.CANCELLED, ProgrammeState.POSTPONED, ProgrammeState.ARCHIVED])
def test_a_programme_that_takes_no_questions_says_so(state):
    with pytest.raises(Refused) as caught:
        ask(LI, frame(make.programme(state=state).pk))
    assert caught.value.code == "closed"


@pytest.mark.django_db
def test_form_and_socket_give_the_same_answer():
    question = make.question(make.programme())
    assert answer(intake.Receipt(question, created=False)) == {
        "number": question.label, "url": question.get_absolute_url(), "created": False,
    }  # fmt: skip


@pytest.mark.parametrize("field", ["origin", "state", "visitor", "number", "received_at"])
def test_a_frame_cannot_carry_what_is_not_the_askers_to_say(field):
    sent = json.loads(msgspec.json.encode(frame(uuid4()))) | {field: "staff"}
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(json.dumps(sent), type=Ask)


@asynccontextmanager
async def socket(*headers):
    application = LiveConsumer.as_asgi(topics=TopicTable(TOPICS), commands=COMMANDS, caller=callers.from_scope, hub=Hub)
    communicator = WebsocketCommunicator(application, "/ws/", headers=list(headers))
    accepted, _protocol = await communicator.connect(timeout=10)
    assert accepted

    async def say(**words):
        await communicator.send_to(text_data=json.dumps(words))
        while (frame := json.loads(await communicator.receive_from(timeout=10)))["op"] == "beat":
            pass
        return frame

    try:
        yield say
    finally:
        await communicator.disconnect(timeout=10)


async def in_thread(work):
    """Run what a request would run, where a request would run it, and leave no connection behind."""

    def run():
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


def words(programme, **changes):
    return {"op": "ask", "ref": 7, "programme": str(programme.pk), "token": str(uuid4()), "nickname": "", "text": "水压？"} | changes


@pytest.mark.django_db(transaction=True)
async def test_a_question_over_the_socket_is_stored_before_it_is_acknowledged():
    programme = await in_thread(make.programme)
    async with socket((b"cookie", f"visitor={cookie()}".encode())) as say:
        sent = words(programme)
        told, again = await say(**sent), await say(**(sent | {"ref": 8}))
    question = await in_thread(lambda: Question.objects.select_related("programme").get())
    assert told == {"op": "ok", "ref": 7, "number": question.label, "url": question.get_absolute_url(), "created": True}
    assert again == told | {"ref": 8, "created": False}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("header", [(), ((b"cookie", b"visitor=AAAAAAAAAAAAAAAAAAAAAA:forged"),)])
async def test_without_a_cookie_of_ours_the_remedy_is_told(header):
    programme = await in_thread(make.programme)
    async with socket(*header) as say:
        told = await say(**words(programme))
    assert (told["op"], told["code"], told["detail"]) == (
        "error", "no_visitor", "浏览器没有接受本站的 Cookie，提问没有提交。请允许 Cookie 后刷新页面，再提交一次。",
    )  # fmt: skip
    assert await in_thread(Question.objects.count) == 0


@pytest.mark.django_db(transaction=True)
async def test_what_is_wrong_is_told_by_field_and_the_socket_stays():
    programme = await in_thread(make.programme)
    async with socket((b"cookie", f"visitor={cookie()}".encode())) as say:
        empty = await say(**words(programme, text="\u200b", nickname="主 持 人"))
        long = await say(**words(programme, text="水" * 1_001))
        fine = await say(**words(programme))
    assert (empty["code"], sorted(empty["fields"])) == ("invalid", ["nickname", "text"])
    assert long["fields"] == {"text": ["提问有1001字，最多1000字，请删去1字。"]}
    assert fine["op"] == "ok"
    assert await in_thread(Question.objects.count) == 1
