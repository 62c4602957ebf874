"""A channel layer that loses, doubles, delays and therefore reorders what it carries: FAULT_LOSS is the share it loses."""

import asyncio
import os
import random
import threading
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

LOSS = float(os.environ.get("FAULT_LOSS", "0.9"))
LONGEST_DELAY = 5.0  # seconds
DOUBLED = 0.3  # share of what is not lost


class LossyLayer(RedisPubSubChannelLayer):
    """Carries to groups as badly as a layer may."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is late outlives the loop that sent it.
        self._later = asyncio.new_event_loop()
        threading.Thread(target=self._later.run_forever, name="lossy-layer", daemon=True).start()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Perhaps send it, some time, once or twice."""
        for _ in range(2 if random.random() < DOUBLED else 1):
            if random.random() >= LOSS:
                asyncio.run_coroutine_threadsafe(self._late(group, message), self._later)

    async def _late(self, group: str, message: dict[str, Any]) -> None:
        await asyncio.sleep(random.uniform(0, LONGEST_DELAY))
        await super().group_send(group, message)
