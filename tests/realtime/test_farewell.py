"""Goodbye first, then what the server had in mind."""

import os
import signal
import threading

import pytest

from realtime.farewell import Farewell


@pytest.fixture
def said() -> list[str]:
    return []


def test_a_signal_says_goodbye_and_then_reaches_the_server(said: list[str]) -> None:
    previous = signal.signal(signal.SIGTERM, lambda *_: said.append("server"))
    farewell = Farewell(lambda: said.append("bye"))
    try:
        farewell.arm()
        os.kill(os.getpid(), signal.SIGTERM)
        assert said == ["bye", "server"]
        farewell.disarm()
        os.kill(os.getpid(), signal.SIGTERM)
        assert said == ["bye", "server", "server"]
    finally:
        signal.signal(signal.SIGTERM, previous)


def test_disarming_leaves_what_others_put_above_it(said: list[str]) -> None:
    previous = signal.getsignal(signal.SIGTERM)
    farewell = Farewell(lambda: said.append("bye"))
    farewell.arm()
    above = signal.signal(signal.SIGTERM, lambda *_: said.append("other"))
    try:
        farewell.disarm()
        os.kill(os.getpid(), signal.SIGTERM)
        assert said == ["other"]
        assert above == farewell._handle
    finally:
        signal.signal(signal.SIGTERM, previous)


def test_outside_the_main_thread_nothing_is_touched(said: list[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=Farewell(lambda: said.append("bye")).arm)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) == before
