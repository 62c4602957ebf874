"""So many in a second, in their order, and nobody waits for ever; in a loop whose time passes as fast as it is asked to."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operations.servers.limits import HANDSHAKE_SECONDS
from realtime.turns import LONGEST, Turns


class Selector(selectors.DefaultSelector):
    """Passes time instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """Its time is that of its selector."""

    def __init__(self) -> None:
        self.selector = Selector()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now


def played(scene: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(scene)


async def entrances(turns: Turns, arrivals: list[float], *, gone: frozenset[int] = frozenset()) -> list[tuple[int, float, float]]:
    """Who came in, when it came and when it was let in, in the order of the latter; those who are `gone` leave half a second after they came."""
    loop, began = asyncio.get_running_loop(), asyncio.get_running_loop().time()
    done: list[tuple[int, float, float]] = []

    async def come(number: int, arrival: float) -> None:
        await asyncio.sleep(arrival)
        came = loop.time()
        try:
            async with asyncio.timeout(0.5 if number in gone else None):
                await turns.mine()
        except TimeoutError:
            return
        done.append((number, came - began, loop.time() - began))

    await asyncio.gather(*(come(number, arrival) for number, arrival in enumerate(sorted(arrivals))))
    return done


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(first <= moment < first + 1 for moment in moments) for first in moments)


def test_it_is_everybodys_turn_well_before_the_servers_give_a_handshake_up() -> None:
    assert LONGEST <= HANDSHAKE_SECONDS - 4


def test_no_limit_is_no_waiting() -> None:
    done = played(entrances(Turns(0), [0.0] * 5000))
    assert {at for _, _, at in done} == {0.0}


def test_who_comes_alone_does_not_wait() -> None:
    done = played(entrances(Turns(200), [number / 20 for number in range(100)]))
    assert all(came == at for _, came, at in done)


def test_as_many_as_fit_wait_for_two_hundred_in_a_second() -> None:
    done = played(entrances(Turns(200), [0.0] * 1000))
    assert (len(done), most_in_a_second([at for _, _, at in done])) == (1000, pytest.approx(200, abs=4))
    assert done[-1][2] == pytest.approx((1000 - 20) / 180, rel=0.02)


def test_for_more_the_pace_is_as_fast_as_it_must_be_and_steady_again_afterwards() -> None:
    turns = Turns(200)

    async def twice() -> tuple[list[Any], list[Any]]:
        return await entrances(turns, [0.0] * 10_000), await entrances(turns, [0.0] * 500)

    crowd, few = played(twice())
    assert max(at - came for _, came, at in crowd) == pytest.approx(LONGEST, rel=0.02)
    assert most_in_a_second([at for _, _, at in few]) <= 201


def test_who_has_gone_takes_no_turn_of_others() -> None:
    # All of the first hundred but two give up while they wait.
    gone = frozenset(range(2, 100))
    done = played(entrances(Turns(10), [0.0] * 100 + [0.6], gone=gone))
    let_in = [number for number, _, _ in done]
    assert let_in[-1] == 100
    assert done[-1][2] < 1.0


@settings(deadline=None, max_examples=60)
@given(some.lists(some.floats(0, 5), min_size=1, max_size=1500), some.integers(10, 300), some.sets(some.integers(0, 1499), max_size=200))
def test_everybody_comes_in_in_the_order_of_arrival_and_waits_no_longer_than_that(
    arrivals: list[float], per_second: int, gone: set[int]
) -> None:
    done = played(entrances(Turns(per_second), arrivals, gone=frozenset(gone)))
    came_at = [came for _, came, _ in done]
    assert came_at == sorted(came_at)
    assert {number for number in range(len(arrivals)) if number not in gone} <= {number for number, _, _ in done}
    assert max((at - came for _, came, at in done), default=0.0) <= LONGEST + 0.2
    if len(arrivals) <= 0.9 * per_second * LONGEST:
        assert most_in_a_second([at for _, _, at in done]) <= per_second + 1
