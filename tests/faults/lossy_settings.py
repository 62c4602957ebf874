"""The real settings with a channel layer that loses most of what it is given."""

from settings import *  # noqa: F403
from settings import CHANNEL_LAYERS as _REAL

CHANNEL_LAYERS = {"default": {**_REAL["default"], "BACKEND": "tests.faults.lossy.LossyLayer"}}
