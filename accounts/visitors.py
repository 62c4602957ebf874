"""The anonymous netizen: a random key in a signed cookie, so that a receipt has an owner without an account."""

import re
import secrets
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

COOKIE: Final = "visitor"
MAX_AGE: Final = 365 * 24 * 60 * 60  # seconds; receipts and supports are still one's own after a year
_BYTES: Final = 16  # 128 bits: cannot be guessed
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{22}\Z")
_SALT: Final = "accounts.visitors"


def key_of(request: HttpRequest) -> str | None:
    """The visitor's key; None without a cookie of ours. A forged cookie is no cookie."""
    return read(request.COOKIES.get(COOKIE))


def read(cookie: str | None) -> str | None:
    """The key inside the value of a visitor cookie; None when it is absent or not signed by us."""
    if cookie is None:
        return None
    try:
        key = Signer(salt=_SALT).unsign(cookie)
    except BadSignature:
        return None
    return key if _SHAPE.match(key) else None


def ensure(request: HttpRequest, response: HttpResponseBase) -> str:
    """The visitor's key; where there was none, the response now sets a cookie with a new one.

    A response that sets the cookie is marked private: a shared cache would make strangers one visitor.
    """
    key = key_of(request)
    if key is not None:
        return key
    key = secrets.token_urlsafe(_BYTES)
    cookie = Signer(salt=_SALT).sign(key)
    request.COOKIES[COOKIE] = cookie
    response.set_cookie(COOKIE, cookie, max_age=MAX_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    patch_cache_control(response, private=True)
    patch_vary_headers(response, ["Cookie"])
    return key
