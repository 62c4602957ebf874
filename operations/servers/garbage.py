"""When Python's collector of garbage looks for it: everybody waits meanwhile, the longer the more readers there are."""

import asyncio
import gc

# Objects made beyond those let go before the youngest are looked at; looks at these before the young ones; at those before all.
# A reader is some hundred objects, so a look at the young ones is after 200 who came and one at all after 10,000, and each
# of the shorter looks ends within some milliseconds. What nobody refers to is let go at once, as ever: this is about circles.
THRESHOLDS = 5_000, 4, 50
# Sockets that have ended before anybody looks for what they left, even where fewer are open: 5 MiB.
FEW = 200
# From then to the look. Those who are cut off at once have ended by then, and it looks at few.
SETTLE_SECONDS = 2.0


def look_rarely() -> None:
    """Keep what is loaded by now for ever, unlooked at, and look at everything else less often. Before the first connection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


class Leavings:
    """What sockets leave behind: circles of some hundred objects, by their end too old for the shorter looks to come upon.

    They are looked for as soon as as many have ended as are open. So they never take more memory than those who are there, and a
    look, which takes the longer the more are there, costs the same for each who goes.
    """

    def __init__(self) -> None:
        self._open = self._ended = 0
        self._due = False

    def opened(self) -> None:
        """There is one more socket."""
        self._open += 1

    def ended(self) -> None:
        """There is one less. Must be called in the event loop."""
        self._open -= 1
        self._ended += 1
        if not self._due and self._ended >= max(FEW, self._open):
            self._due = True
            asyncio.get_running_loop().call_later(SETTLE_SECONDS, self._look)

    def _look(self) -> None:
        self._due, self._ended = False, 0
        gc.collect()
