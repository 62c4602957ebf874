"""A page as a browser holds it, and how our scripts apply an event to it: the law of fragments in Python."""

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

VOID = {"meta", "link", "img", "input", "br", "hr", "source", "wbr"}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tree = ET.TreeBuilder()
        self.tree.start("page", {})

    def handle_starttag(self, tag, attributes):
        self.tree.start(tag, {name: value or "" for name, value in attributes})
        if tag in VOID:
            self.tree.end(tag)

    def handle_startendtag(self, tag, attributes):
        self.tree.start(tag, {name: value or "" for name, value in attributes})
        self.tree.end(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.tree.end(tag)

    def handle_data(self, data):
        # White space between elements is not content.
        self.tree.data(" ".join(data.split()))


def parse(html: str) -> ET.Element:
    builder = _Builder()
    builder.feed(html)
    builder.tree.end("page")
    return builder.tree.close()


def apply(page: ET.Element, html: str) -> None:
    """Bring the page up to date with the html of one event."""
    for element in parse(html):
        element.tail = None
        parents = {child: parent for parent in page.iter() for child in parent}
        namesake = page.find(f".//*[@id='{element.get('id')}']")
        lists = [each for each in page.iter() if element.get("data-list") and each.get("data-list-of") == element.get("data-list")]
        if "data-gone" in element.attrib:
            if namesake is not None:
                parents[namesake].remove(namesake)
        elif namesake is not None:
            parent = parents[namesake]
            parent.insert(list(parent).index(namesake), element)
            parent.remove(namesake)
        elif lists:
            _insert(lists[0], element)


def _insert(target: ET.Element, element: ET.Element) -> None:
    by, descending = f"data-{target.get('data-sorted-by', 'order')}", "data-descending" in target.attrib
    order = element.get(by, "")
    for index, other in enumerate(target):
        # Equals keep the order they came in.
        if other.get(by, "") < order if descending else other.get(by, "") > order:
            target.insert(index, element)
            return
    target.append(element)


def shown(page: ET.Element, *places: str) -> dict[str, str]:
    """What stands in these places, each given as an XPath condition such as `@id='state-bar'`."""
    found = {place: page.find(f".//*[{place}]") for place in places}
    for element in page.iter():
        element.tail = (element.tail or "").strip() or None
        element.text = (element.text or "").strip() or None
    return {place: "" if element is None else ET.tostring(element, encoding="unicode") for place, element in found.items()}
