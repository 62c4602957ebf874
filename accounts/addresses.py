"""Network addresses: which one a request really came from, and which ones count as one sender."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

UNKNOWN = "0.0.0.0"  # noqa: S104 - a name for "not told", nothing listens there
UNIX_SOCKET = "unix"  # in a list of proxies: whoever reaches us over a Unix socket, which has no address

Address = IPv4Address | IPv6Address


def client_address(*, peer: str, forwarded: str, trusted: Iterable[str]) -> str:
    """The client's address, as far as it can be known; UNKNOWN over a Unix socket, or when a proxy told nothing readable.

    `peer` is the other end of the connection, `forwarded` the value of X-Forwarded-For, `trusted` our own proxies: addresses,
    networks, UNIX_SOCKET. Every proxy appends whom it saw, so the value is read from the right, and only as far as our own
    proxies wrote it. What stands further left, or comes from a peer that is no proxy of ours, is the client's invention.
    """
    proxies = frozenset(trusted)
    address = parse(peer)
    for hop in reversed(forwarded.split(",")):
        earlier = parse(hop)
        if earlier is None or not is_proxy(address, proxies):
            break
        address = earlier
    return str(address or UNKNOWN)


def sender_of(address: str) -> str:
    """What limits are counted by: an IPv4 address itself, the /64 network of an IPv6 address, for that is one household."""
    parsed = parse(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed or UNKNOWN)


def parse(text: str) -> Address | None:
    """The address in a text, also with a port (192.0.2.1:443, [2001:db8::1]:443) or a zone, or IPv4 inside IPv6; else None."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def storable(address: str) -> str | None:
    """An address as a row keeps it; None for UNKNOWN and what else is no address of anybody."""
    parsed = parse(address)
    return None if parsed is None or parsed.is_unspecified else str(parsed)


def range_of(address: str) -> str | None:
    """The range in which a person changes addresses: the /24 of an IPv4 address, the /64 of an IPv6 one; None for no address."""
    parsed = parse(address)
    if parsed is None or parsed.is_unspecified:
        return None
    return str(ip_network((parsed, 64 if isinstance(parsed, IPv6Address) else 24), strict=False))


@lru_cache
def network(text: str) -> IPv4Network | IPv6Network:
    """The network of one entry in a list of proxies; a single address is one. Raises ValueError."""
    return ip_network(text, strict=False)


def is_proxy(address: Address | None, proxies: frozenset[str]) -> bool:
    """Say whether an address is one of ours; None stands for the other end of a Unix socket."""
    if address is None:
        return UNIX_SOCKET in proxies
    return any(address in network(proxy) for proxy in proxies if proxy != UNIX_SOCKET)
