"""How often the engine does what it does by the clock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """`poll`: seconds between two looks at the heads of the topics somebody listens to, the longest a lost bell can
    delay an event. `tick`: seconds between two rounds; each reader gets a beat in every `beat`-th one, and readers are
    counted in every `count`-th.
    """

    poll: float = 1.5
    tick: float = 1.0
    beat: int = 15
    count: int = 5
