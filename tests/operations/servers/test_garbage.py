"""The collector of garbage: how seldom it looks, and that nothing stays of those who have left."""

import asyncio
import gc
import subprocess
import sys
import weakref
from contextlib import ExitStack

import pytest

from operations.servers import garbage
from operations.servers.garbage import Leavings
from tests.operations.servers import wire
from tests.operations.servers.conftest import until

# In a process of its own: what the collector is told holds for a whole process.
WORDS = """
import gc
from operations.servers import garbage

class Reader:
    gone = 0

    def __init__(self):
        self.outbox = {"reader": self}

    def __del__(self):
        Reader.gone += 1

loaded, looks = Reader(), []
del loaded
kept = Reader()
garbage.look_rarely()
told = Reader.gone, gc.get_freeze_count() > 1000, any(one is kept for one in gc.get_objects())
gc.callbacks.append(lambda phase, info: looks.append(info["generation"]) if phase == "start" else None)
readers = [Reader() for _ in range(20_000)]
came = looks.count(2)
for _ in range(60):
    readers = [Reader() for _ in range(20_000)]
print(told, came, 0 < looks.count(2) < 10, Reader.gone > 400_000)
"""


def test_what_is_loaded_is_looked_at_no_more_and_who_comes_seldom_yet_all_garbage_goes():
    done = subprocess.run([sys.executable, "-c", WORDS], capture_output=True, text=True, check=True)
    assert done.stdout == "(1, True, False) 0 True True\n"


class Socket:
    """Something that nobody refers to but itself."""

    def __init__(self):
        self.itself = self


class Audience:
    """Sockets that come and go; the collector has looked at all of them twice before they go, and looks by itself no more."""

    def __init__(self):
        self.leavings = Leavings()
        self._here = []
        self._ever = weakref.WeakSet()

    def come(self, count):
        for _ in range(count):
            self._here.append(Socket())
            self._ever.add(self._here[-1])
            self.leavings.opened()
        gc.collect()

    def go(self, count):
        for _ in range(count):
            self._here.pop()
            self.leavings.ended()

    @property
    def remembered(self):
        """How many of those who have gone are still in memory."""
        return len(self._ever) - len(self._here)


@pytest.fixture
def audience(monkeypatch):
    monkeypatch.setattr(garbage, "SETTLE_SECONDS", 0.0)
    gc.disable()
    yield Audience()
    gc.enable()


async def nothing_stays_as_soon_as_so_many_go(audience, count):
    audience.go(count - 1)
    await asyncio.sleep(0.01)
    assert audience.remembered == count - 1
    audience.go(1)
    await asyncio.sleep(0.01)
    assert audience.remembered == 0


async def test_a_few_who_leave_are_not_worth_a_look(audience):
    audience.come(garbage.FEW)
    await nothing_stays_as_soon_as_so_many_go(audience, garbage.FEW)


async def test_where_many_are_as_many_must_have_left(audience):
    audience.come(3000)
    await nothing_stays_as_soon_as_so_many_go(audience, 1500)
    # It counts anew.
    await nothing_stays_as_soon_as_so_many_go(audience, 750)


async def test_one_look_is_for_all_who_leave_together(audience):
    looks = []
    gc.callbacks.append(watch := lambda phase, info: looks.append(info["generation"]) if phase == "start" else None)
    audience.come(1000)
    looks.clear()
    audience.go(1000)
    await asyncio.sleep(0.01)
    gc.callbacks.remove(watch)
    assert (looks, audience.remembered) == ([2], 0)


def test_a_server_forgets_those_who_have_left(site):
    port, stays = site.port, 20
    with ExitStack() as staying:
        for _ in range(stays):
            staying.enter_context(wire.connected(port, "/echo"))
        with ExitStack() as going:
            for _ in range(garbage.FEW + 20):
                going.enter_context(wire.connected(port, "/echo"))
            wire.get(port, "/grow-old")
            assert wire.get(port, "/remembered") >= garbage.FEW + 20 + stays
        until(lambda: wire.get(port, "/remembered") < stays + 20)
