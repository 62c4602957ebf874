"""The anonymous netizen: a random key in a signed cookie that tells when it was made, so that a receipt has an owner without an account."""

import re
import secrets
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

COOKIE: Final = "visitor"
MAX_AGE: Final = 365 * 24 * 60 * 60  # seconds; receipts and supports are still one's own after a year
_BYTES: Final = 16  # 128 bits: cannot be guessed
# The key, and when the cookie was made, in seconds since 1970; cookies given out before that was told have none.
_SHAPE: Final = re.compile(r"([A-Za-z0-9_-]{22})(?::([0-9]{1,11}))?\Z")
_SALT: Final = "accounts.visitors"


@dataclass(frozen=True)
class Visitor:
    """The key inside a cookie of ours, and when the cookie was made; None for old ones."""

    key: str
    made: int | None

    @property
    def age(self) -> int | None:
        """How many whole seconds ago the cookie was made; None where nobody knows, or the clock was put back since."""
        if self.made is None:
            return None
        age = int(time.time()) - self.made
        return age if age >= 0 else None


def of(request: HttpRequest) -> Visitor | None:
    """The visitor of a request; None without a cookie of ours. A forged cookie is no cookie."""
    return read(request.COOKIES.get(COOKIE))


def key_of(request: HttpRequest) -> str | None:
    """The visitor's key alone, as of() knows it."""
    visitor = of(request)
    return visitor.key if visitor else None


def read(cookie: str | None) -> Visitor | None:
    """The visitor whose cookie has this value; None when it is absent or not signed by us."""
    if cookie is None:
        return None
    try:
        told = _SHAPE.match(Signer(salt=_SALT).unsign(cookie))
    except BadSignature:
        return None
    return Visitor(told[1], int(told[2]) if told[2] else None) if told else None


def ensure(request: HttpRequest, response: HttpResponseBase) -> str:
    """The visitor's key; where there was none, the response now sets a cookie with a new one.

    A response that sets the cookie is marked private: a shared cache would make strangers one visitor.
    """
    key = key_of(request)
    if key is not None:
        return key
    key = secrets.token_urlsafe(_BYTES)
    cookie = Signer(salt=_SALT).sign(f"{key}:{int(time.time())}")
    request.COOKIES[COOKIE] = cookie
    response.set_cookie(COOKIE, cookie, max_age=MAX_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    patch_cache_control(response, private=True)
    patch_vary_headers(response, ["Cookie"])
    return key
