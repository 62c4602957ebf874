"""Rings in every process when topics move: directly in this one, over the channel layer in the others."""

import asyncio
import logging
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer

from realtime.complaints import Complaints
from realtime.hints import Hint

GROUP = "fangtan.doorbell"
# A layer that does not take a hint in this time is not waited for: the tail poll of every hub finds the events.
PATIENCE = 0.5  # seconds
RETRY_AFTER = (1.0, 2.0, 5.0)  # seconds before listening to the layer again, the last one repeated

log = logging.getLogger(__name__)
_seed = secrets.token_hex(4)


def origin() -> str:
    """The name of this process among those that ring."""
    # With the process id, because a forked child shares the seed and must still hear its parent.
    return f"{_seed}-{os.getpid()}"


def _reaches_others() -> bool:
    layer = get_channel_layer()
    return layer is not None and not isinstance(layer, InMemoryChannelLayer)


class Doorbell:
    """Takes hints from any thread in microseconds; a thread of its own carries them out of the process."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Hint], None]] = []
        self._lock = threading.Lock()
        self._waiting = Hint()
        self._echoes: list[str] = []
        self._something = threading.Event()
        self._carrier: threading.Thread | None = None
        self._complaints = Complaints()

    def listen(self, listener: Callable[[Hint], None]) -> None:
        """From now on call `listener` with every hint rung in this process, in the thread that rings."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[Hint], None]) -> None:
        """Stop calling `listener`."""
        self._listeners.remove(listener)

    def ring(self, hint: Hint) -> None:
        """Tell everybody. Never raises and never waits, so that it can follow a commit."""
        for listener in tuple(self._listeners):
            listener(hint)
        self.tell_others(hint)

    def tell_others(self, hint: Hint) -> None:
        """Ring in the other processes only."""
        if _reaches_others():
            with self._lock:
                self._waiting.absorb(hint)
            self._carry_out()

    async def echo(self) -> None:
        """Return once a message has left this process as hints do and come back; at once where there are no other processes.

        Raises what the layer raises, and waits for ever for a message that is lost.
        """
        layer = get_channel_layer()
        if layer is None or not _reaches_others():
            return
        channel = await layer.new_channel()
        with self._lock:
            self._echoes.append(channel)
        self._carry_out()
        await layer.receive(channel)
        # A layer forgets a channel when its receiver is cancelled, and knows no other way.
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                await layer.receive(channel)

    def _carry_out(self) -> None:
        with self._lock:
            if self._carrier is None or not self._carrier.is_alive():
                self._carrier = threading.Thread(target=self._carry, name="realtime-doorbell", daemon=True)
                self._carrier.start()
        self._something.set()

    def _carry(self) -> None:
        # One loop for the life of the process: the layer keeps one connection per loop, and a call of async_to_sync
        # for every hint would open one for every hint.
        with asyncio.Runner() as runner:
            while True:
                self._something.wait()
                self._something.clear()
                with self._lock:
                    hint, self._waiting = self._waiting, Hint()
                    echoes, self._echoes = self._echoes, []
                runner.run(self._send(hint, echoes))

    async def _send(self, hint: Hint, echoes: list[str]) -> None:
        layer = get_channel_layer()
        if layer is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                if hint:
                    await layer.group_send(GROUP, {"type": "doorbell", "from": origin(), **hint.message()})
                for channel in echoes:
                    await layer.send(channel, {"type": "echo"})
        except Exception as error:  # noqa: BLE001  whatever a layer may raise, the log already holds the events
            if self._complaints.due():
                log.warning("the channel layer took no hint, readers elsewhere wait for their tail poll: %r", error)


doorbell = Doorbell()


async def overhear(heard: Callable[[str, Hint], None]) -> None:
    """Call `heard` with the origin and hints of other processes until cancelled; a broken layer is tried again for ever."""
    if not _reaches_others():
        return
    layer = get_channel_layer()
    channel, failures = "", 0
    try:
        while True:
            try:
                # One for all tries: a layer goes on keeping what comes for a channel that nobody reads any more.
                channel = channel or await layer.new_channel()
                await layer.group_add(GROUP, channel)
                failures = 0
                while True:
                    _take(await layer.receive(channel), heard)
            except Exception as error:  # noqa: BLE001  as above
                delay = RETRY_AFTER[min(failures, len(RETRY_AFTER) - 1)]
                if failures == 0:
                    log.warning("cannot hear the channel layer, the tail poll goes on alone: %r", error)
                failures += 1
                await asyncio.sleep(delay)
    finally:
        if channel:
            with suppress(Exception):
                await layer.group_discard(GROUP, channel)


def _take(message: dict[str, Any], heard: Callable[[str, Hint], None]) -> None:
    try:
        teller, hint = message["from"], Hint.read(message)
    except (KeyError, TypeError, ValueError):
        # From another release, while one replaces the other: the tail poll finds what it told of.
        return
    if teller != origin():
        heard(teller, hint)
