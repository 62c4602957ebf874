"""What is uvicorn's alone: its end is not the signal's. The rest stands beside daphne's, for it is the same."""

import signal

import pytest
import uvicorn

from operations.servers.uvicorn import Server


def server():
    return Server(uvicorn.Config("nothing:here", log_config=None))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_is_not_raised_once_more(number):
    told = server()
    told.handle_exit(number, None)
    assert (told.should_exit, told.force_exit, told._captured_signals) == (True, False, [])


def test_a_second_interrupt_does_not_wait():
    told = server()
    told.handle_exit(signal.SIGINT, None)
    told.handle_exit(signal.SIGINT, None)
    assert told.force_exit
