"""What comes by the clock: beats with heads, pulses, and counts."""

from collections.abc import Awaitable, Callable

import pytest

from realtime import log, publishing
from realtime.doorbell import origin
from realtime.hints import Hint
from realtime.hub import Hub
from realtime.rounds import Pace
from tests.realtime.conftest import STAGE, Client, Connect, in_thread, until

Publish = Callable[..., Awaitable[int]]
pytestmark = pytest.mark.django_db(transaction=True)


async def pulse(client: Client, fact: str, value: object) -> None:
    """Wait until a pulse says so."""
    while not any(seen["facts"].get(fact, "") == value for seen in client.pulses):
        await client.murmur()


async def test_a_beat_tells_epoch_and_head_of_what_was_joined(connect: Connect, publish: Publish) -> None:
    await publish(3)
    async with connect() as client:
        await client.join(since=None)
        assert (await client.beat())["heads"] == {STAGE: [(await in_thread(lambda: log.head(STAGE))).epoch, 3]}


async def test_beats_go_on_and_differ(connect: Connect) -> None:
    async with connect() as client:
        assert (await client.beat())["heads"] == {}
        await client.beat()
        assert len({one["beat"] for one in client.beats}) == len(client.beats)


async def test_readers_are_counted(connect: Connect) -> None:
    async with connect() as first:
        await first.join()
        await pulse(first, "readers", 1)
        async with connect() as second:
            await second.join()
            await pulse(first, "readers", 2)
        await pulse(first, "readers", 1)


async def test_readers_of_other_processes_are_counted_too(connect: Connect, hub: Hub) -> None:
    async with connect() as client:
        await client.join()
        hub._heard("another", Hint(readers={STAGE: 40, "stage:unread": 3}))
        await pulse(client, "readers", 41)


async def test_what_passes_is_told_and_taken_back(connect: Connect) -> None:
    async with connect() as client:
        await client.join()
        await in_thread(lambda: publishing.pulse(topic=STAGE, fact="answering", value="王建国", seconds=30))
        await pulse(client, "answering", "王建国")
        await in_thread(lambda: publishing.pulse(topic=STAGE, fact="answering", value="王建国", seconds=0))
        await pulse(client, "answering", None)


async def test_who_joins_late_is_told_what_holds(connect: Connect) -> None:
    async with connect() as first, connect() as second:
        await first.join()
        await in_thread(lambda: publishing.pulse(topic=STAGE, fact="answering", value="王建国", seconds=30))
        await pulse(first, "answering", "王建国")
        await second.join()
        await pulse(second, "answering", "王建国")


async def test_a_process_reports_the_end_of_a_topic(connect: Connect, hub: Hub) -> None:
    async with connect() as client, connect():
        await client.join()
        await pulse(client, "readers", 1)
        await client.say(op="leave", ref=2, topic=STAGE)
        await client.hear()
        await client.join()
        client.pulses.clear()
        hub._heard(origin(), Hint(readers={STAGE: 9}))
        await pulse(client, "readers", 1)


async def test_what_is_known_of_a_topic_that_was_read_for_a_moment_is_forgotten(connect: Connect, hub: Hub) -> None:
    async with connect():
        async with connect() as passing:
            await passing.join()
            hub._heard("another", Hint(passages={(STAGE, "answering"): ("王建国", 30)}, readers={STAGE: 3}))
        await until(lambda: [*hub._rounds.board._facts, *hub._rounds.board._counts, *hub._rounds.board._until] == [])


async def test_who_has_a_beat_to_answer_gets_no_second_one(connect: Connect, publish: Publish) -> None:
    async with connect() as client, connect() as other:
        client.answers_beats = False
        await client.join()
        # It may have come before the answer.
        if not client.beats:
            await client.beat()
        for _ in range(3):
            await other.beat()
        await publish()
        assert await client.follow(1) == [1]
        assert len(client.beats) == 1


def test_the_pace_is_what_readers_are_promised() -> None:
    pace = Pace()
    assert pace.tick * pace.beat == 15
    # What was withdrawn is gone two seconds later, though its bell was lost.
    assert pace.poll < 2
