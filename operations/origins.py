"""Who may open a socket: pages of this site, and of the origins the operator names; behind HTTPS over an encrypted line alone."""

from collections.abc import Iterable

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class SameOrigin:
    """Refuses a handshake whose Origin is neither the site's own nor in ALLOWED_ORIGINS.

    A browser always sends Origin and lets no page choose it. Without this check any page on the web could open our socket
    with the visitor's cookies. Programs send the address of the site. A socket over a plain line is refused where pages are
    redirected to HTTPS: a socket cannot be redirected.
    """

    def __init__(self, inner: ASGI3Application) -> None:
        self.inner = inner

    async def __call__(self, scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        welcome = is_allowed(scope["headers"]) and (not settings.HTTPS or is_encrypted(scope))
        app = self.inner if welcome else WebsocketDenier.as_asgi()
        await app(scope, receive, send)


def is_encrypted(scope: WebSocketScope) -> bool:
    """Say whether the line is encrypted, at our own end or, as a trusted proxy says like it does for pages, at that of the proxy."""
    said = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    return scope.get("scheme") == "wss" or (bool(settings.TRUSTED_PROXIES) and said in ([b"https"], [b"wss"]))


def is_allowed(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether the one Origin header names this site, as its Host header does, or an origin of ALLOWED_ORIGINS."""
    origins, hosts = ([value.decode("latin-1") for name, value in headers if name == key] for key in (b"origin", b"host"))
    if len(origins) != 1 or len(hosts) != 1:
        return False
    if origins[0] in settings.ALLOWED_ORIGINS:
        return True
    scheme = "https" if settings.HTTPS else "http"
    domain, _port = split_domain_port(hosts[0])
    return origins[0] == f"{scheme}://{hosts[0]}" and validate_host(domain, settings.ALLOWED_HOSTS)
