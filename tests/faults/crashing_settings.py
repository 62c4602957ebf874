"""The real settings, for a web process that ends at a point of its own choosing: see tests/faults/crashing.py."""

from settings import *  # noqa: F403

ASGI_APPLICATION = "tests.faults.crashing.application"
