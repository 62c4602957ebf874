"""How one record is bound to the one before: plain Python, so that an auditor can do it again without us."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(columns: Mapping[str, Any], *, previous: str) -> str:
    """SHA-256, in hexadecimal, of the previous digest and the columns as canonical JSON.

    Canonical: keys sorted, no blanks, UTF-8; `columns` holds strings, numbers, None, lists and objects of these.
    """
    canonical = json.dumps({**columns, "previous": previous}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
