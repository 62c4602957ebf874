"""A page in a real browser, whose other end is the test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import PATIENCE
from tests.realtime.client.other_end import OtherEnd

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def far(context: "BrowserContext") -> Iterator[OtherEnd]:
    """The other end of a page that must not have thrown an error."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield OtherEnd(page)
    assert errors == []
