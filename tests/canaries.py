"""Words that nobody without rights may ever read, in every disguise they could travel in, and a stranger who fetches all there is.

canaries = Canaries()
text = canaries.hide("a declined question")     # private from now on
canaries.show("a declined question")            # public from now on
found = Stranger(canaries).read(seeds)          # where a private one was seen: (name, disguise, address)
"""

import hashlib
import html
import json
import math
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from ahocorasick_rs import BytesAhoCorasick
from django.test import Client

# Whatever stands where an address may stand, in a page, a feed or a file of data.
_ADDRESSES = re.compile(r"""["'=>](?:https?://testserver)?(/[^"'<>\s\\]*)""")
_LINKS = re.compile(r"""\b(?:href|src|action)="([^"#]+)""")
# Of the client's own, and nothing of anybody: files of the style, and the switch of language.
_LEFT_OUT = ("/static/", "/language/")
MOST = 400
FEW = 1_000


class Canaries:
    """What is private now, each by its name. `changes` counts how often something became private."""

    def __init__(self) -> None:
        self._all: dict[str, str] = {}
        self._private: dict[str, float] = {}  # since when
        self._known: set[tuple[str, str]] = set()
        # Thousands are looked for at once; of these the newest in an automaton of their own, which is soon made anew.
        self._shelves = [_Shelf(), _Shelf()]
        self.changes = 0

    def hide(self, name: str, value: str = "") -> str:
        """Make a value private, a new one of 128 bits unless it is given; the value."""
        self._all[name] = value = value or self._all.get(name) or secrets.token_hex(16)
        self._private[name] = time.monotonic()
        self.changes += 1
        if (name, value) not in self._known:
            self._known.add((name, value))
            old, new = self._shelves
            if len(new.forms) > FEW:
                old.add(new.forms)
                new = self._shelves[1] = _Shelf()
            new.add([(name, value, disguise, form) for disguise, form in _disguises(value)])
        return value

    def show(self, name: str) -> None:
        """Everybody may read it now."""
        del self._private[name]

    def seen_in(self, body: bytes, *, asked_at: float = math.inf) -> list[tuple[str, str]]:
        """Those in these bytes that were private already when they were asked for (time.monotonic()): name and disguise."""
        seen = dict.fromkeys(form for shelf in self._shelves for form in shelf.seen_in(body))
        return [
            (name, disguise) for name, value, disguise in seen if self._private.get(name, math.inf) < asked_at and self._all[name] == value
        ]


class _Shelf:
    """Forms of names and values, all looked for in one go."""

    def __init__(self) -> None:
        self.forms: list[tuple[str, str, str, bytes]] = []
        self._automaton: BytesAhoCorasick | None = None

    def add(self, forms: list[tuple[str, str, str, bytes]]) -> None:
        """Look for these too."""
        self.forms += forms
        self._automaton = None

    def seen_in(self, body: bytes) -> Iterator[tuple[str, str, str]]:
        """Name, value and disguise of what stands in these bytes."""
        if self._automaton is None:
            self._automaton = BytesAhoCorasick([form for *_, form in self.forms])
        for index, _start, _end in self._automaton.find_matches_as_indexes(body, overlapping=True):
            yield self.forms[index][:3]


def _disguises(value: str) -> Iterator[tuple[str, bytes]]:
    raw = value.encode()
    yield "as it is", raw
    if len(value) > 20:
        yield "first", value[:16].encode()
        yield "last", value[-16:].encode()
    for shift in range(3):
        # Three bytes are four letters: what depends on the neighbours is cut off.
        letters = b64encode(b"\0" * shift + raw).rstrip(b"=")
        yield "base64", letters[(0, 2, 3)[shift] : len(letters) - 1]
    yield "in an address", quote(value, safe="").encode()
    yield "in JSON", json.dumps(value)[1:-1].encode()
    yield "in HTML", html.escape(value).encode()
    for digest in (hashlib.sha256, hashlib.md5, hashlib.sha1):
        yield "hash", digest(raw).hexdigest().encode()


class Stranger:
    """Somebody without a cookie who follows every link, and tries again every address they ever saw."""

    def __init__(self, canaries: Canaries) -> None:
        self._canaries = canaries
        self._known: dict[str, None] = {}
        self.read_bytes = 0
        self.statuses: dict[str, int] = {}

    def read(self, addresses: Iterable[str]) -> list[tuple[str, str, str]]:
        """Fetch these, all they lead to and all known from before; the private words in what came: (name, disguise, address)."""
        self._known |= dict.fromkeys(addresses)
        found, todo = [], list(self._known)
        while todo:
            address = todo.pop(0)
            response = Client().get(address)
            body = bytes_of(response)
            self.statuses[address] = response.status_code
            self.read_bytes += len(body)
            found += [(name, disguise, address) for name, disguise in self._canaries.seen_in(body)]
            fresh = [other for other in links(body, address) if other not in self._known]
            self._known |= dict.fromkeys(fresh)
            todo += fresh
            assert len(self._known) < MOST, "the crawl does not end"
        return found


def bytes_of(response: Any) -> bytes:
    """Everything a client receives: the header too."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.serialize_headers() + b"\n\n" + content


def links(body: bytes, address: str) -> list[str]:
    """The addresses on this site that a body, read at `address`, speaks of, each once."""
    text = html.unescape(body.decode(errors="replace"))
    paths = {urldefrag(urljoin(address, match)).url for match in _LINKS.findall(text) if not urlsplit(match).netloc and ":" not in match}
    paths |= {urlsplit(match)._replace(fragment="").geturl() for match in _ADDRESSES.findall(text) if not match.startswith("//")}
    return sorted(path for path in paths if not path.startswith(_LEFT_OUT))
