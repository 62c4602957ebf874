"""A real Chromium: found, or installed where it may be, and opened for the people of a journey.

What a test asks for (synchronous tests only, in modules without asynchronous ones; mark them `pytest.mark.journey`):

    browser      a Playwright Browser, one for each test module
    new_person   new_person("netizen") opens a page of its own, with its own cookies, on the shared `server`; takes phone=True,
                 javascript=False, base_url=…, and tolerate=["403"] for messages that the journey provokes

A journey fails at its end if a page of its people threw an error, wrote one to the console (a refusal by the Content Security
Policy is one), or asked any other host for anything. `CHROMIUM` names the program to use.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REMEDY = """\
No Chromium was found, and the journeys are never skipped.
  Debian, Ubuntu:   sudo apt install chromium fonts-wqy-microhei
  elsewhere:        install Chromium or Chrome, and name it: CHROMIUM=/path/to/chromium ./test"""
UNWANTED = [
    # the pages behind the address bar, which every window would load: a third of all that the browser has to do
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright takes away for good reasons has to be named again: of two flags only the last counts.
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
FLAGS = [
    "--headless",
    "--no-sandbox",  # the suite may run as root, where the sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # nothing but our own server: no look-ups of the maker's hosts
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    # A page that asks another host reaches none. Not by intercepting its requests: then the browser would keep no files, and fetch
    # every script again for every page.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-features=" + ",".join(UNWANTED),
]
PATIENCE = 45_000  # milliseconds a journey waits for something to appear before it fails, on a machine that has much else to do


class BrowserMissingError(Exception):
    """There is no Chromium here and it may not be installed; the message says what to do."""


def executable() -> Path:
    """Return a Chromium, with a font for Chinese beside it; installs both on Debian as root. Raises BrowserMissingError."""
    found = _find()
    if found and _has_chinese_font():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", "chromium", "fonts-wqy-microhei", "fontconfig")
        found = _find()
    if not found:
        raise BrowserMissingError(REMEDY)
    return found


def _find() -> Path | None:
    names = [os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"]
    paths = [shutil.which(name) for name in names if name]
    return next((Path(path) for path in paths if path), None)


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _apt(*words: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-q", *words], env=env, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Open a browser for the tests of this module.

    Not for the whole session: while Playwright's synchronous side runs, no asynchronous test can.
    """
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  (takes a second; most runs need no browser)

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def new_person(browser: "Browser", request: pytest.FixtureRequest) -> "Iterator[Callable[..., Page]]":
    """Open pages for people, and see at the end that none of them had an error."""
    problems: list[str] = []
    contexts = []

    def open_page(
        name: str, *, phone: bool = False, javascript: bool = True, base_url: str | None = None, tolerate: Sequence[str] = ()
    ) -> "Page":
        address = base_url or request.getfixturevalue("server").url

        def note(kind: str, text: str) -> None:
            if not any(word in text for word in tolerate):
                problems.append(f"{name}: {kind}: {text}")

        def guard(asked) -> None:
            if not asked.url.startswith((address, "data:", "blob:", "file:")):
                note("asked another host", asked.url)

        context = browser.new_context(
            base_url=address,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", guard)
        page = context.new_page()
        page.on("pageerror", lambda error: note("page error", str(error)))
        page.on("console", lambda message: note("console", message.text) if message.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


if __name__ == "__main__":
    print(executable())
