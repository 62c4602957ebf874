"""The machine of a measurement by its kind, which is all that may be told of it."""

import os
import platform


def machine() -> str:
    """Cores, processor and Python, without a name."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
