import asyncio

from rehearsal.pace import Pace


async def order(pace: Pace, *seconds: float) -> list[float]:
    """The script seconds in the order in which those who wait for them go on."""
    gone: list[float] = []

    async def wait(at: float) -> None:
        await pace.until(at)
        gone.append(at)

    await asyncio.gather(*(wait(at) for at in seconds))
    return gone


async def test_without_speed_nothing_is_waited_for():
    assert await order(Pace(0), 86_400, 5, -5) == [86_400, 5, -5]


async def test_script_seconds_come_in_their_order():
    assert await order(Pace(1000), 90, 30, 60) == [30, 60, 90]


async def test_before_the_opening_nothing_is_waited_for():
    assert await order(Pace(1000), 30, 0, -86_400) == [0, -86_400, 30]


async def test_what_has_begun_goes_on_where_it_was():
    pace = Pace(1, begun=600)
    pace.open()
    # A day would outlast the test: what is past comes at once, what is to come does not.
    waiting = asyncio.create_task(pace.until(86_400))
    assert await order(pace, 600, 599, 30) == [600, 599, 30]
    assert not waiting.done()
    waiting.cancel()


async def test_the_clock_starts_with_the_opening():
    pace = Pace(1000)
    pace.open()
    assert await order(pace, 50, 1) == [1, 50]
