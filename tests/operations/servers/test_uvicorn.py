"""What is uvicorn's alone: its end is not the signal's. The rest stands beside daphne's, for it is the same."""

import asyncio
import signal

import pytest
import uvicorn
from uvicorn.lifespan.off import LifespanOff

from operations.servers.uvicorn import Server, until_cancelled


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


class Connection:
    """It ends as soon as it is told to; `meanwhile` one more has been let in."""

    def __init__(self, connections, meanwhile=None):
        self.connections, self.meanwhile, self.told = connections, meanwhile, 0

    def shutdown(self):
        self.told += 1
        self.connections.remove(self)
        if self.meanwhile is not None:
            self.connections.add(self.meanwhile)


async def test_who_was_let_in_while_the_others_were_told_is_told_too():
    ending = server()
    ending.servers = []
    ending.lifespan = LifespanOff(ending.config)
    connections = ending.server_state.connections
    late = Connection(connections)
    first = Connection(connections, meanwhile=late)
    connections.add(first)
    await ending.shutdown()
    assert ([first.told, late.told], connections) == ([1, 1], set())


async def wait_for_ever(_scope, _receive, _send):
    await asyncio.Event().wait()


@pytest.mark.parametrize(("kind", "left"), [("websocket", None), ("http", asyncio.CancelledError)])
async def test_a_socket_whose_task_is_taken_back_when_the_grace_is_over_is_no_fault_and_a_request_is(kind, left):
    task = asyncio.create_task(until_cancelled(wait_for_ever, {"type": kind}, None, None))
    await asyncio.sleep(0)
    task.cancel()
    [told] = await asyncio.gather(task, return_exceptions=True)
    assert (None if told is None else type(told)) == left
