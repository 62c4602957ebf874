"""Who is calling, over HTTP or over the socket: a person with an account, an anonymous netizen, or nobody yet."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, parse_cookie
from django.utils.crypto import constant_time_compare

from accounts import visitors
from accounts.addresses import client_address, sender_of
from accounts.models import User


@dataclass(frozen=True)
class Caller:
    """`user` is signed in and active or None; `visitor` the key of the signed cookie or None; `address` an IP address.

    `cookie_age` is how many seconds ago that cookie was made; None where nobody knows.
    """

    user: User | None
    visitor: str | None
    address: str
    cookie_age: int | None = None


def from_request(request: HttpRequest) -> Caller:
    """Who sent an HTTP request."""
    user = request.user if isinstance(request.user, User) and request.user.is_active else None
    return _caller(user, visitors.of(request), _address_of(request))


def from_cookies(request: HttpRequest) -> Caller:
    """Who sent an HTTP request that went past the session: told as for a socket, and without touching the session."""
    user = _signed_in(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return _caller(user, visitors.of(request), _address_of(request))


def from_scope(scope: dict[str, Any]) -> Caller:
    """Who opened a socket. Asks the database: to be called in a thread, anew for every decision, so that a sign-out shows."""
    # Read as Django reads it over HTTP: one odd cookie of a neighbour on the same domain must not hide ours.
    cookies = parse_cookie(_header(scope, b"cookie", joined_by="; "))
    user = _signed_in(cookies.get(settings.SESSION_COOKIE_NAME))
    return _caller(user, visitors.read(cookies.get(visitors.COOKIE)), _address(scope))


def sender(scope: dict[str, Any]) -> str:
    """Whose socket counts with which: the address of the client, or its /64 network. Asks nobody."""
    return sender_of(_address(scope))


def _caller(user: User | None, visitor: visitors.Visitor | None, address: str) -> Caller:
    return Caller(user, visitor.key, address, visitor.age) if visitor else Caller(user, None, address)


def _address_of(request: HttpRequest) -> str:
    return client_address(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted=settings.TRUSTED_PROXIES,
    )


def _address(scope: dict[str, Any]) -> str:
    peer, *_port = scope.get("client") or [""]
    return client_address(peer=peer or "", forwarded=_header(scope, b"x-forwarded-for", joined_by=","), trusted=settings.TRUSTED_PROXIES)


def _header(scope: dict[str, Any], name: bytes, *, joined_by: str) -> str:
    # One header may come in several lines; latin-1 reads any bytes.
    return joined_by.join(value.decode("latin-1") for key, value in scope.get("headers", []) if key.lower() == name)


def _signed_in(session_key: str | None) -> User | None:
    """The person of that session. Writes nothing: Django's own get_user() would renew or end the session of the browser."""
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    key, backend = session.get(SESSION_KEY), session.get(BACKEND_SESSION_KEY)
    if key is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None:
        return None
    # As Django's own middleware: a session from before a change of password is none; one from before a change of
    # SECRET_KEY holds as long as the old key is a fallback.
    proof = session.get(HASH_SESSION_KEY, "")
    known = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if any(constant_time_compare(proof, each) for each in known) else None
