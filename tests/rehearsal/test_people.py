from pathlib import Path
from uuid import uuid4

import pytest

from rehearsal.browser import Turned
from rehearsal.cast import Cast
from rehearsal.people import Netizen, Over, Seated
from rehearsal.reader import CommandRefused
from tests.rehearsal.company import gather
from tests.rehearsal.scripts import QUESTION, written
from tests.server import Server


@pytest.fixture
def cast(server: Server, tmp_path: Path) -> Cast:
    return gather(server, written(tmp_path, QUESTION), prefix=f"people-{tmp_path.name[-12:]}")


def at_inbox(server: Server, cast: Cast, *, tolerant: bool) -> Seated:
    return Seated(server.url, cast.moderators[0], f"inbox:{cast.programme_id}", cast.programme_id, tolerant=tolerant)


def at_desk(server: Server, cast: Cast, *, tolerant: bool) -> Seated:
    return Seated(server.url, cast.host, f"desk:{cast.programme_id}", cast.programme_id, tolerant=tolerant)


async def test_a_question_goes_from_a_netizen_to_a_moderator_to_the_host(server: Server, cast: Cast):
    netizen = Netizen(server.url, cast.programme_id)
    slips = [await netizen.ask(token=uuid4(), nickname="", text=f"第{number}问", plain=number == 1) for number in (1, 2)]
    assert [slip.number[-4:] for slip in slips] == ["-001", "-002"]
    assert len({slip.path for slip in slips}) == 2
    async with at_inbox(server, cast, tolerant=False) as moderator, at_desk(server, cast, tolerant=False) as host:
        ids = [await moderator.find(slip.number, state="received") for slip in slips]
        assert await moderator.do("inbox/", "approve/", question=ids[1]) is True
        assert await host.find(slips[1].number, state="approved") == ids[1]
        with pytest.raises(Turned) as turned:
            await moderator.do("inbox/", "approve/", question=ids[1])
        assert turned.value.code == "conflict"


async def test_refused_words_are_told_by_the_socket_and_by_the_form(server: Server, cast: Cast):
    netizen = Netizen(server.url, cast.programme_id)
    with pytest.raises(CommandRefused) as by_socket:
        await netizen.ask(token=uuid4(), nickname="主持人", text="水压？", plain=False)
    with pytest.raises(Turned) as by_form:
        await netizen.ask(token=uuid4(), nickname="主持人", text="水压？", plain=True)
    assert (by_socket.value.code, by_socket.value.detail) == (by_form.value.code, by_form.value.words)


async def test_a_tolerant_person_gives_way_and_stops_when_it_is_over(server: Server, cast: Cast):
    slip = await Netizen(server.url, cast.programme_id).ask(token=uuid4(), nickname="", text="水压？", plain=True)
    async with at_inbox(server, cast, tolerant=True) as moderator, at_desk(server, cast, tolerant=True) as host:
        question = await moderator.find(slip.number)
        assert await moderator.do("inbox/", "decline/", question=question, reason="off_topic", words="") is True
        assert await moderator.do("inbox/", "approve/", question=question) is False
        # It never comes to the desk.
        with pytest.raises(TimeoutError):
            await host.find(slip.number)
        assert [await host.do("desk/", "open/") for _ in range(2)] == [True, False]
        assert await host.do("desk/", "close/") is True
        for plain in (True, False):
            with pytest.raises(Over, match="the page takes no questions"):
                await Netizen(server.url, cast.programme_id).ask(token=uuid4(), nickname="", text="水压？", plain=plain)
        with pytest.raises(Over):
            await host.do("desk/", "put/", to=f"{question} {cast.guest_ids['director']}")
