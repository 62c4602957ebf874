"""The reactor, in a process of its own: there is one for a whole process."""

import subprocess
import sys


def said(words: str) -> str:
    """What a process says that runs these words; its last line."""
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()[-1]


def test_daphne_runs_on_uvloop():
    words = """
import asyncio
from operations.servers import daphne
from twisted.internet import reactor
reactor.callLater(0, lambda: (print(type(asyncio.get_running_loop()).__module__, reactor is daphne.reactor), reactor.stop()))
reactor.run()
"""
    assert said(words) == "uvloop True"


def test_a_reactor_that_is_there_already_is_not_worked_beside():
    words = "from twisted.internet import reactor; from operations.servers import daphne"
    assert said(words) == "twisted.internet.error.ReactorAlreadyInstalledError: reactor already installed"
