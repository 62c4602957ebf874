"""The collector, in a process of its own: what it is told holds for a whole process."""

import subprocess
import sys

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
