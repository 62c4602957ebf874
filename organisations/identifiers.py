"""Public identifiers: UUIDs of version 7, which sort by the time they were made."""

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of milliseconds since 1970, the rest random."""
    return compat.uuid7()
