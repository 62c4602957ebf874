import asyncio
import json
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.asyncio.server import serve

from rehearsal.browser import Browser
from rehearsal.reader import DIALECT, CommandRefused, Gap, Log, Reader
from tests.rehearsal.company import Engine, gather
from tests.rehearsal.scripts import QUESTION, written
from tests.server import Server

TOPIC = "stage:one"


def events(*numbers: int, epoch: str = "e") -> dict:
    return {"op": "events", "topic": TOPIC, "epoch": epoch, "events": [[number, "said", {"n": number}, ""] for number in numbers]}


def numbers(reader: Reader) -> list[int]:
    return [event.number for event in reader.logs[TOPIC].events]


def more(reader: Reader, topic: str, than: int) -> bool:
    return reader.logs[topic].number > than


def has(reader: Reader, topic: str, text: str) -> bool:
    return any(event.data.get("text") == text for event in reader.logs[topic].events)


@pytest.mark.parametrize(
    ("batches", "complaint"),
    [
        ([("e", [1, 2]), ("e", [4])], "expected event 3, got 4"),
        ([("e", [1, 2]), ("e", [2])], "expected event 3, got 2"),
        ([("e", [2, 1])], "expected event 1, got 2"),
        ([("e", [1]), ("f", [2])], "expected epoch e, got f"),
    ],
)
def test_what_does_not_follow_is_a_gap(batches, complaint):
    log = Log()
    *well, (epoch, got) = [(epoch, [[number, "said", {}] for number in numbers]) for epoch, numbers in batches]
    for before in well:
        Reader._append(log, *before)
    with pytest.raises(Gap, match=f"^{complaint}$"):
        Reader._append(log, epoch, got)


async def test_a_gap_is_told_to_whoever_waits():
    async with Engine([events(1, 3)]).running() as url:
        with pytest.raises(Gap, match="expected event 2, got 3"):
            async with Reader(url, [TOPIC]) as reader:
                await reader.until(lambda: len(numbers(reader)) == 2)


async def test_a_gap_is_told_to_whoever_leaves():
    async with Engine([events(1, 3)]).running() as url:
        reader = await Reader(url, [TOPIC]).__aenter__()
        await asyncio.wait([reader._task])
        with pytest.raises(Gap, match="expected event 2, got 3"):
            await reader.__aexit__(None, None, None)


async def test_after_a_cut_it_goes_on_where_it_was():
    engine = Engine([events(1, 2)], [events(3), events(4, 5)])
    async with engine.running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: len(numbers(reader)) == 2)
        reader.cut()
        await reader.until(lambda: len(numbers(reader)) == 5)
    assert numbers(reader) == [1, 2, 3, 4, 5]
    assert [visit[0]["since"] for visit in engine.heard] == [["", 0], ["e", 2]]


async def test_it_goes_on_from_where_it_is_told():
    engine = Engine([events(8)])
    async with engine.running() as url, Reader(url, [TOPIC], since={TOPIC: ("e", 7)}) as reader:
        await reader.until(lambda: numbers(reader) == [8])
    assert engine.heard[0][0]["since"] == ["e", 7]


async def test_after_a_reset_it_starts_from_the_beginning():
    engine = Engine([{"op": "reset", "topic": TOPIC}], [events(1, 2, epoch="new")])
    async with engine.running() as url, Reader(url, [TOPIC], since={TOPIC: ("old", 7)}) as reader:
        await reader.until(lambda: numbers(reader) == [1, 2])
    assert (reader.logs[TOPIC].resets, reader.logs[TOPIC].epoch, engine.heard[1][0]["since"]) == (1, "new", ["", 0])


async def test_told_to_go_it_comes_back():
    engine = Engine([events(1), {"op": "bye", "after": 0.01}], [events(2)])
    async with engine.running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: numbers(reader) == [1, 2])
    assert reader.connections == 2


async def test_told_when_to_come_back_it_comes_then_and_not_by_chance(monkeypatch):
    monkeypatch.setattr("rehearsal.reader.FIRST_WAIT", 1e6)
    monkeypatch.setattr("rehearsal.reader.LONGEST_WAIT", 1e6)
    engine = Engine([events(1), {"op": "bye", "after": 0.01}], [events(2)])
    async with engine.running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: numbers(reader) == [1, 2])


async def test_a_line_on_which_nothing_comes_is_given_up(monkeypatch):
    monkeypatch.setattr("rehearsal.reader.SILENCE", 0.1)
    engine = Engine([events(1)], [events(2)])
    async with engine.running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: numbers(reader) == [1, 2])
    assert engine.heard[1][0]["since"] == ["e", 1]


async def test_what_two_beats_tell_of_and_nobody_sent_is_fetched():
    beats = [{"op": "beat", "beat": number, "heads": {TOPIC: ["e", 3]}} for number in (7, 8)]
    engine = Engine([events(1), beats[0], events(2), *beats], [events(3)])
    async with engine.running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: numbers(reader) == [1, 2, 3])
    assert [[frame.get("since", frame.get("beat")) for frame in visit] for visit in engine.heard] == [[["", 0], 7, 7, 8], [["e", 2]]]


async def test_what_was_said_before_the_end_is_heard_though_no_beat_can_be_answered():
    async def end(socket):
        await socket.recv()
        for frame in ({"op": "beat", "beat": 7, "heads": {}}, events(1)):
            await socket.send(json.dumps(frame))
        await socket.close()

    async with serve(end, "127.0.0.1", 0, subprotocols=[DIALECT]) as site:
        url = f"http://127.0.0.1:{site.sockets[0].getsockname()[1]}"
        async with Reader(url, [TOPIC]) as reader:
            await reader.until(lambda: numbers(reader) == [1])


async def test_beats_are_answered_and_facts_kept():
    engine = Engine([{"op": "pulse", "topic": TOPIC, "facts": {"readers": 3}}, {"op": "beat", "beat": 7, "heads": {}}, events(1)])
    async with engine.running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: numbers(reader) == [1])
        assert reader.facts == {TOPIC: {"readers": 3}}
    assert engine.heard[0][1] == {"op": "still", "beat": 7}


async def test_a_command_whose_line_broke_is_not_taken_for_done():
    async with Engine([events(1)]).running() as url, Reader(url, [TOPIC]) as reader:
        await reader.until(lambda: numbers(reader) == [1])
        command = asyncio.create_task(reader.command("ask"))
        await asyncio.sleep(0)
        reader.cut()
        with pytest.raises(ConnectionError, match="the line broke before"):
            await command


async def test_on_a_real_server_every_event_comes_once_and_in_order_over_cuts(server: Server, tmp_path: Path):
    cast = gather(server, written(tmp_path, QUESTION), prefix="reader")
    topic = f"stage:{cast.programme_id}"
    publish = f"""
from interview import schedule
from interview.models import Programme
from accounts.models import User
host, programme = User.objects.get(username="reader-host"), Programme.objects.get(pk="{cast.programme_id}")
schedule.open(programme=programme, by=host)
for number in range(20):
    schedule.extend(programme=programme, minutes=1, by=host)
schedule.close(programme=programme, by=host)
"""
    async with Browser(server.url) as browser:
        await browser.get(f"/interviews/{cast.programme_id}/")
        visitor = browser.cookie
    topics = [topic, "desk:nothing", "nothing:x"]
    async with Reader(server.url, [topic]) as steady, Reader(server.url, topics, cookie=visitor) as cut:
        await cut.until(lambda: len(cut.refused) == 2 and cut.logs[topic].number > 0)
        published = asyncio.create_task(asyncio.to_thread(server.manage, "shell", "--no-imports", "-c", publish))
        while not published.done():
            seen = cut.logs[topic].number
            with suppress(TimeoutError):
                await cut.until(partial(more, cut, topic, seen), seconds=1)
            cut.cut()
        await published
        last = "访谈结束。所有通过的提问都已答复。"
        for reader in (steady, cut):
            await reader.until(partial(has, reader, topic, last))
        with pytest.raises(CommandRefused) as refusal:
            await cut.command("ask", programme=str(cast.programme_id), token=str(uuid4()), nickname="", text="还能问吗？")
    assert cut.refused == {"desk:nothing": "no_topic", "nothing:x": "no_topic"}
    assert (refusal.value.code, cut.connections > 1, steady.connections) == ("closed", True, 1)
    heard = [[(event.number, event.kind, event.data) for event in reader.logs[topic].events] for reader in (steady, cut)]
    assert heard[0] == heard[1]
    assert [later - earlier for (earlier, *_), (later, *_) in pairwise(heard[0])] == [1] * (len(heard[0]) - 1)
