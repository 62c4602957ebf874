"""Twisted's reactor, on uvloop's event loop (decision 0026).

Must be imported before anything else asks Twisted for a reactor: there is one in a process, and who comes first decides which. Raises
ReactorAlreadyInstalledError otherwise.
"""

from typing import Any

import uvloop
from twisted.internet import asyncioreactor

# daphne makes a loop of its own too, and leaves it unused where there is a reactor on asyncio already.
loop = uvloop.new_event_loop()
asyncioreactor.install(loop)

from twisted.internet import reactor as installed  # noqa: E402  (it would install Twisted's own choice)

reactor: Any = installed
