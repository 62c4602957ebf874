import segno

from interview import qr
from tests import pages

ADDRESS = "https://www.hubin.example/interviews/01a20a35-fc32-721f-8514-bb340b64e7f6/"


def drawn(address):
    return pages.parse(qr.draw(address).decode())[0]


def test_the_code_is_the_address_with_its_quiet_zone():
    modules = len(segno.make(ADDRESS, error="m", micro=False).matrix)
    assert (drawn(ADDRESS).tag, int(drawn(ADDRESS).attrib["width"])) == ("svg", (modules + 2 * 4) * 4)


def test_another_address_is_another_code():
    assert qr.draw(ADDRESS) != qr.draw(ADDRESS + "x")
    assert qr.draw(ADDRESS) == qr.draw(ADDRESS)


def test_the_picture_brings_neither_script_nor_style():
    assert {(element.tag, "style" in element.attrib) for element in drawn(ADDRESS).iter()} == {
        ("svg", False),
        ("g", False),
        ("path", False),
    }
