"""When Python's collector of garbage looks for it: everybody waits meanwhile, the longer the more readers there are."""

import gc

# Objects made beyond those let go before the youngest are looked at; looks at these before the young ones; at those before all.
# A reader is some hundred objects, so a look at the young ones is after 200 who came and one at all after 10,000, and each
# of the shorter looks ends within some milliseconds. What nobody refers to is let go at once, as ever: this is about circles.
THRESHOLDS = 5_000, 4, 50


def look_rarely() -> None:
    """Keep what is loaded by now for ever, unlooked at, and look at everything else less often. Before the first connection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
