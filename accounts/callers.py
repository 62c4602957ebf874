"""Who is calling, over HTTP or over the socket: a person with an account, an anonymous netizen, or nobody yet."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import visitors
from accounts.models import User

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - a name for "not told", nothing listens there


@dataclass(frozen=True)
class Caller:
    """`user` is signed in and active or None; `visitor` the key of the signed cookie or None; `address` an IP address."""

    user: User | None
    visitor: str | None
    address: str


def from_request(request: HttpRequest) -> Caller:
    """Who sent an HTTP request."""
    user = request.user if isinstance(request.user, User) and request.user.is_active else None
    address = _address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return Caller(user=user, visitor=visitors.key_of(request), address=address)


def from_scope(scope: dict[str, Any]) -> Caller:
    """Who opened a socket. Asks the database: to be called in a thread, anew for every decision, so that a sign-out shows."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}
    cookies = _cookies(headers.get(b"cookie", ""))
    peer = (scope.get("client") or [""])[0]
    address = _address(peer, headers.get(b"x-forwarded-for", ""))
    return Caller(
        user=_signed_in(cookies.get(settings.SESSION_COOKIE_NAME)), visitor=visitors.read(cookies.get(visitors.COOKIE)), address=address
    )


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _signed_in(session_key: str | None) -> User | None:
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    key, backend = session.get(SESSION_KEY), session.get(BACKEND_SESSION_KEY)
    if key is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    # As Django's own middleware: a session from before a change of password is none.
    if user is None or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    return user


def _address(peer: str, forwarded: str) -> str:
    """The address in front of our own proxies: each appends one, so what stands further left is the client's invention."""
    count = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in forwarded.split(",") if part.strip()] if count else []
    if count and len(chain) >= count and _is_address(chain[-count]):
        return chain[-count]
    return peer or UNKNOWN_ADDRESS


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
