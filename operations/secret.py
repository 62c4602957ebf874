"""The secret key of an installation that was not given one."""

import os
import secrets
import tempfile
from pathlib import Path


def read_or_make(path: Path) -> str:
    """Return the key kept in `path`, which afterwards exists, whole, and readable by its owner alone.

    Several processes may start at once: all of them get the same key.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret_key.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64) + "\n")
        # A link fails if the name is taken, a rename would overwrite the key another process has begun to use.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()
