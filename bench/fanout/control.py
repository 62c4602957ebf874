"""The door through which a measured Python server is told to publish: a UNIX socket served by a thread."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path


def listen(path: str, answer: Callable[[list[str]], str]) -> None:
    """From now on, call `answer` with the words of each line that comes, in a thread, and send back what it returns."""
    # The module of an application may be loaded twice by a server that looks first; the later one answers.
    Path(path).unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen()
    threading.Thread(target=_accept, args=(door, answer), name="fanout-control", daemon=True).start()


def _accept(door: socket.socket, answer: Callable[[list[str]], str]) -> None:
    while True:
        caller, _address = door.accept()
        threading.Thread(target=_converse, args=(caller, answer), name="fanout-caller", daemon=True).start()


def _converse(caller: socket.socket, answer: Callable[[list[str]], str]) -> None:
    # Not one file for both ways: writing to it would forget the lines that were read ahead.
    with caller, caller.makefile(encoding="ascii") as lines:
        for line in lines:
            caller.sendall(f"{answer(line.split())}\n".encode())
