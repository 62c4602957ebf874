"""Sessions in the database, as Django keeps them; a cookie that cannot be the key of one is not looked up."""

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    """Django's own, but for what it makes of a forged cookie: PostgreSQL raises for some of what a cookie may hold."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and _KEY.fullmatch(key) is not None
