"""Goodbye first, then what the server had in mind."""

import os
import signal
import subprocess
import sys
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


# In a process of its own, since a signal that reaches nobody ends it.
AT_EVERY_STEP = """
import os, signal, sys
from realtime import farewell

sent, reached = [], []
signal.signal(signal.SIGTERM, lambda *_: reached.append("server"))

def step(frame, event, arg):
    if frame.f_code.co_filename == farewell.__file__:
        frame.f_trace_opcodes = True
        sent.append(event)
        os.kill(os.getpid(), signal.SIGTERM)
        return step

armed = farewell.Farewell(lambda: None)
for work in (armed.arm, armed.disarm, armed.arm, armed.disarm):
    sys.settrace(step)
    work()
    sys.settrace(None)
print(len(sent) > 100, len(reached) == len(sent))
"""


def test_a_signal_reaches_the_server_at_every_moment_of_arming_and_disarming() -> None:
    done = subprocess.run([sys.executable, "-c", AT_EVERY_STEP], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "True True\n"), done.stderr
