"""Who was signed out, lost a seat or whose account was closed reads on in no process, not even on a socket that is open."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from realtime.protocol import CloseCode
from realtime.reader import RECHECK_EVERY
from realtime.rounds import LOOKS, Pace
from rehearsal.browser import Browser
from tests.journeys.people import Company, gather
from tests.server import Server, running

PROMISED = 60  # seconds
# Everybody has a room, and the room its topic.
ROOMS = {"host": "desk", "guest": "guest", "moderator": "inbox"}

GUEST = """
from interview.models import Guest
print(Guest.objects.get(programme="{programme}").pk)
"""
SEATS = """
from accounts.models import User
from interview import seats
from interview.models import Seat
for seat in Seat.objects.filter(user__username__in={usernames}):
    seats.remove(seat=seat, by=User.objects.get(username="{editor}"))
"""
ACCOUNTS = """
from accounts.models import User
assert User.objects.filter(username__in={usernames}).update(is_active=False) == 3
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two processes that look again as often as they can, at the pace of the rounds."""

    def hurried(port: int) -> list[str]:
        return [sys.executable, "-m", "tests.hurried", "serve", "--port", str(port)]

    with running(tmp_path_factory.mktemp("staff"), webs=2, launch=hurried) as server:
        yield server
        assert server.errors() == []


class Line:
    """A socket that follows one topic and answers beats."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.errors: list[str] = []

    async def join(self, topic: str) -> None:
        await self.connection.send(json.dumps({"op": "join", "ref": 1, "topic": topic}))
        while (frame := await self._hear())["op"] in {"beat", "pulse"}:
            pass
        assert frame["op"] == "ok", frame

    async def listen(self) -> int:
        """Until it is closed; the code it is closed with."""
        try:
            while True:
                frame = await self._hear()
                if frame["op"] == "error":
                    self.errors.append(frame["code"])
        except ConnectionClosed:
            return self.connection.close_code or 0

    async def _hear(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.connection.recv())
        if frame["op"] == "beat":
            # The server may have closed meanwhile, and what it said before that is still to be read.
            with suppress(ConnectionClosed):
                await self.connection.send(json.dumps({"op": "still", "beat": frame["beat"]}))
        return frame


async def line(stack: AsyncExitStack, url: str, topic: str, cookie: str = "") -> Line:
    socket = connect(
        f"{url.replace('http', 'ws')}/ws/", origin=Origin(url), additional_headers={"Cookie": cookie}, compression=None, ping_interval=None
    )
    opened = Line(await stack.enter_async_context(socket))
    await opened.join(topic)
    return opened


async def sign_out(_server: Server, _company: Company, staff: dict[str, Browser]) -> None:
    for browser in staff.values():
        await browser.post("/sign-out/", form="/sign-in/")


async def take_the_seats(server: Server, company: Company, staff: dict[str, Browser]) -> None:
    usernames = [company.people[name][0] for name in staff]
    await asyncio.to_thread(
        server.manage, "shell", "--no-imports", "-c", SEATS.format(usernames=usernames, editor=company.people["editor"][0])
    )


async def close_the_accounts(server: Server, company: Company, staff: dict[str, Browser]) -> None:
    usernames = [company.people[name][0] for name in staff]
    await asyncio.to_thread(server.manage, "shell", "--no-imports", "-c", ACCOUNTS.format(usernames=usernames))


@pytest.mark.parametrize("lose", [sign_out, take_the_seats, close_the_accounts])
async def test_who_may_no_longer_read_is_closed_in_every_process_and_nobody_else(two, lose):
    company = await asyncio.to_thread(gather, two, lose.__name__[:6])
    guest = (await asyncio.to_thread(two.manage, "shell", "--no-imports", "-c", GUEST.format(programme=company.programme))).split()[-1]
    topics = {name: f"{room}:{guest if room == 'guest' else company.programme}" for name, room in ROOMS.items()}
    async with AsyncExitStack() as stack:
        staff = {name: await stack.enter_async_context(Browser(two.url)) for name in ROOMS}
        for name, browser in staff.items():
            await browser.sign_in(*company.people[name])
        editor = await stack.enter_async_context(Browser(two.url))
        await editor.sign_in(*company.people["editor"])
        losing = [await line(stack, url, topics[name], browser.cookie) for url in two.urls for name, browser in staff.items()]
        staying = [await line(stack, url, topic, editor.cookie) for url in two.urls for topic in topics.values()]
        staying += [await line(stack, url, f"stage:{company.programme}") for url in two.urls]
        listening = [asyncio.create_task(one.listen()) for one in staying]
        ends = asyncio.gather(*(one.listen() for one in losing))
        await lose(two, company, staff)
        async with asyncio.timeout(PROMISED):
            assert await ends == [CloseCode.NO_LONGER_ALLOWED] * len(losing)
        assert [one.errors for one in losing] == [["no_longer_allowed"]] * len(losing)
        assert [task for task in listening if task.done()] == []
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


def test_at_the_usual_pace_a_lost_right_is_noticed_in_time():
    pace = Pace()
    between_looks = pace.tick * pace.beat / LOOKS
    # Ten seconds are left for a database that is slow to answer.
    assert RECHECK_EVERY + between_looks <= PROMISED - 10
