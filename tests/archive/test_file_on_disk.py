"""The folder opened from the disk in a real browser: complete, with no server and no network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.journey

BASE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The address of an archived page on the disk, and the words of its entries."""
    words = [sys.executable, "-m", "tests.archive.on_disk", str(tmp_path_factory.mktemp("disk"))]
    done = subprocess.run(words, cwd=BASE, capture_output=True, text=True, check=True, timeout=240)
    made = json.loads(done.stdout)
    return made["address"], made["words"]


@pytest.fixture
def reader(new_person):
    def open_page(address: str, **kind):
        page = new_person("reader", base_url="file://", **kind)
        asked: list[str] = []
        failed: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.goto(address)
        return page, asked, failed

    return open_page


@pytest.mark.parametrize("javascript", [True, False])
def test_the_page_is_complete_from_the_disk(written, reader, javascript):
    address, texts = written
    page, asked, failed = reader(address, javascript=javascript)
    assert failed == []
    assert {url.split("/")[0] for url in asked} == {"file:"}
    for text in texts:
        assert text.split("http")[0].strip() in page.locator(".entries").inner_text()
    assert page.locator("img").count() == 4
    assert page.locator("h1").inner_text() == "自来水公司总经理谈夏季供水"
    # Its own style is there: the reading face is not the browser's.
    assert page.locator("body").evaluate("node => getComputedStyle(node).lineHeight") != "normal"


def test_every_picture_is_drawn(written, reader):
    page, _asked, _failed = reader(written[0])
    # Lazy ones are drawn when they come into view.
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("async node => { await node.decode(); return node.naturalWidth }") == 640


def test_the_earlier_words_open_without_scripts(written, reader):
    page, _asked, _failed = reader(written[0], javascript=False)
    page.get_by_text("看修订前的文字").click()
    assert page.get_by_text("各位网友，下午好。").is_visible()


def test_the_way_to_the_other_interview_and_to_the_index_and_back(written, reader):
    page, _asked, failed = reader(written[0])
    page.get_by_role("link", name="上一期").click()
    assert page.locator("h1").inner_text() == "汛期供水与龙头水质"
    page.get_by_role("link", name="在线访谈归档").click()
    assert page.locator(".past-item h3").all_inner_texts() == ["自来水公司总经理谈夏季供水", "汛期供水与龙头水质"]
    page.get_by_role("link", name="汛期供水与龙头水质").click()
    assert page.locator("h1").inner_text() == "汛期供水与龙头水质"
    assert failed == []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_is_wider_than_the_screen(written, reader, width):
    page, _asked, _failed = reader(written[0])
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_paper_there_is_the_transcript_and_no_navigation(written, reader):
    page, _asked, _failed = reader(written[0])
    page.emulate_media(media="print")
    assert page.locator(".entries").is_visible()
    assert page.get_by_role("navigation", name="前后两期").is_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(written, reader, scheme):
    page, _asked, _failed = reader(written[0])
    page.emulate_media(color_scheme=scheme)
    assert Axe().run(page, options={"preload": False}).response["violations"] == []
