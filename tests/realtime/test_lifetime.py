"""A socket without a topic ends soon, any socket ends some time."""

import time
from itertools import pairwise

import pytest

from realtime.hub import Hub
from realtime.lifetime import BY_CHANCE, IDLE, LONGEST, Lifetime
from tests.realtime.conftest import STAGE, Connect

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets."""
    clock = [1000.0]
    monkeypatch.setattr("realtime.lifetime.time.monotonic", lambda: clock[0])
    return clock


def test_it_is_idle_when_it_has_joined_nothing_for_too_long() -> None:
    lifetime = Lifetime(1000.0)
    assert [lifetime.idle(1000.0 + seconds, joined=False) for seconds in (1, IDLE, IDLE + 1)] == [False, False, True]


def test_the_last_topic_lost_is_the_beginning_of_idleness() -> None:
    lifetime = Lifetime(1000.0)
    assert not lifetime.idle(5000.0, joined=True)
    assert [lifetime.idle(5000.0 + seconds, joined=False) for seconds in (IDLE, IDLE + 1)] == [False, True]


def test_what_is_under_way_is_no_idleness_however_long_it_takes(now: list[float]) -> None:
    lifetime = Lifetime(1000.0)
    with lifetime:
        now[0] = 2000.0
        assert not lifetime.idle(2000.0, joined=False)
        assert not lifetime.over(1000.0 + 2 * LONGEST)
    assert [lifetime.idle(2000.0 + seconds, joined=False) for seconds in (IDLE, IDLE + 1)] == [False, True]
    assert lifetime.over(1000.0 + 2 * LONGEST)


def test_readers_who_came_together_do_not_go_together() -> None:
    def ends(lifetime: Lifetime) -> float:
        low, high = 0.0, 2 * LONGEST
        while high - low > 1:
            middle = (low + high) / 2
            low, high = (low, middle) if lifetime.over(middle) else (middle, high)
        return high

    times = sorted(ends(Lifetime(0.0)) for _ in range(300))
    assert times[0] > LONGEST * (1 - BY_CHANCE) - 2
    assert times[-1] < LONGEST * (1 + BY_CHANCE) + 2
    # No tenth of the span, about ten minutes, is left by nearly nobody or by nearly everybody.
    tenths = [int((time / LONGEST - (1 - BY_CHANCE)) / (2 * BY_CHANCE) * 10) for time in times]
    assert all(5 <= tenths.count(tenth) <= 80 for tenth in range(10))
    assert all(earlier <= later for earlier, later in pairwise(times))


@database
async def test_a_socket_that_joins_nothing_is_closed(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.lifetime.IDLE", 0.1)
    async with connect() as client:
        assert await client.closing() == 4408


@database
async def test_a_socket_that_only_asks_for_what_it_may_not_read_is_closed(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect("stranger") as client:
        assert (await client.join("desk:one"))["code"] == "no_topic"
        monkeypatch.setattr("realtime.lifetime.IDLE", 0.1)
        assert await client.closing() == 4408


@database
async def test_a_socket_that_left_its_last_topic_is_closed_and_one_with_a_topic_stays(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connect() as leaving, connect() as staying:
        await leaving.join()
        await staying.join()
        monkeypatch.setattr("realtime.lifetime.IDLE", 0.1)
        await leaving.say(op="leave", ref=2, topic=STAGE)
        assert await leaving.closing() == 4408
        for _ in range(3):
            await staying.beat()
        assert await staying.join() | {"ref": 1, "epoch": ""} == {"op": "ok", "ref": 1, "topic": STAGE, "epoch": "", "head": 0}


@database
async def test_a_socket_that_is_old_says_goodbye_and_its_reader_misses_nothing(connect: Connect, hub: Hub, publish) -> None:
    await publish(2)
    async with connect() as client:
        epoch = (await client.join())["epoch"]
        await client.follow(2)
        [reader] = hub._rounds.readers
        reader.lifetime = Lifetime(time.monotonic() - 2 * LONGEST)
        bye = await client.hear()
        assert bye["op"] == "bye"
        assert 0 <= bye["after"] <= 2
        assert await client.closing() == 4503
    await publish(1)
    async with connect() as client:
        await client.join(since=(epoch, 2))
        assert await client.follow(3) == [3]
