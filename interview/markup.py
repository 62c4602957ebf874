"""From plain text to the only HTML we ever show: escaped, in paragraphs, and linked where staff wrote it."""

import re
import threading

import nh3
from bleach.linkifier import Linker
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# A URL ends where ASCII ends: beside Chinese text the stock patterns swallow the full stop and the next sentence.
# Longer than this no browser and no server takes one.
_URL = re.compile(r"""https?://[A-Za-z0-9.\-]{1,255}(?::\d{1,5})?(?:/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{0,2000})?""")
_PARTS = re.compile(f"({_URL.pattern})")
_TAGS = {"p", "br", "a"}


def _rel(attrs: dict, new: bool = False) -> dict:
    attrs[(None, "rel")] = "noopener noreferrer nofollow"
    return attrs


class _Linkers(threading.local):
    """A linker holds the document it is at: two requests on one of them would mix their pages."""

    def __init__(self) -> None:
        self.own = Linker(url_re=_URL, callbacks=[_rel], skip_tags=[])


_linkers = _Linkers()


def sanitize(html: str) -> SafeString:
    """Return the HTML with nothing left but paragraphs, breaks and http(s) links; the last pass whatever came before."""
    return mark_safe(  # noqa: S308 - nh3's output is the definition of safe here
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def paragraphs(text: str, *, links: bool = False) -> SafeString:
    """Return the plain text as paragraphs; with `links` (staff's words only) its web addresses become links."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    linked = _linked(blocks) if links else {}
    return sanitize("".join(f"<p>{_marked_up(block, linked).replace(chr(10), '<br>')}</p>" for block in blocks))


def _linked(blocks: list[str]) -> dict[str, str]:
    # The linker sees nothing but the addresses: it takes microseconds for each character that it reads.
    addresses = list(dict.fromkeys(address for block in blocks for address in _URL.findall(block)))
    html = _linkers.own.linkify("\n".join(map(escape, addresses))) if addresses else ""
    return dict(zip(addresses, html.split("\n"), strict=False))


def _marked_up(block: str, linked: dict[str, str]) -> str:
    if not linked:
        return escape(block)
    return "".join(linked[part] if part in linked else escape(part) for part in _PARTS.split(block))
