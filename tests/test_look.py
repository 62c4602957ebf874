"""What can be measured of the look: contrast of the tokens, weight of the reading page, words for whoever has no scripts."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from interview import answers, transcript
from interview.states import ProgrammeState
from tests import pages
from tests import scenes as make

TOKENS = Path(str(finders.find("css/tokens.css"))).read_text(encoding="utf-8")
GROUNDS = ("ground", "surface", "sunken")
WEIGHT_LIMIT = 100_000  # bytes, compressed: the aim of the product


def themes():
    """The colours of each block of tokens.css: light, dark by the system, dark by hand."""
    blocks = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in re.split(r"\n +color-scheme:", TOKENS)[1:]]
    return dict(zip(("light", "dark by the system", "dark by hand"), blocks, strict=True))


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_dark_is_the_same_dark_by_hand_and_by_the_system():
    assert themes()["dark by the system"] == themes()["dark by hand"]


@pytest.mark.parametrize("theme", ["light", "dark by hand"])
def test_body_text_has_seven_to_one_everywhere(theme):
    colours = themes()[theme]
    pairs = {(ink, ground): contrast(colours[ink], colours[ground]) for ink in ("ink", "ink-soft") for ground in (*GROUNDS, "netizen-wash")}
    assert {pair: ratio for pair, ratio in pairs.items() if ratio < 7} == {}


@pytest.mark.parametrize("theme", ["light", "dark by hand"])
def test_everything_else_that_is_read_has_four_and_a_half_to_one(theme):
    colours = themes()[theme]
    washed = [(name, f"{name}-wash") for name in ("action", "guest", "host", "netizen", "alert", "good", "caution")]
    pairs = [*washed, *((name, ground) for name, _wash in washed for ground in GROUNDS)]
    pairs += [("on-action", "action"), ("on-action", "action-deep"), ("on-alert", "alert"), ("focus-ink", "focus")]
    weak = {
        pair: contrast(colours[pair[0]], colours.get(pair[1], "#ffffff")) for pair in pairs if pair[1] in colours and pair[0] in colours
    }
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def imports(name):
    """The modules of ours that a module imports."""
    text = Path(str(finders.find(name))).read_text(encoding="utf-8")
    return {f"js/{other}" for other in re.findall(r"""(?:from|import) ["']\./([\w-]+\.js)["']""", text)}


@pytest.mark.django_db
def test_the_reading_page_with_all_its_files_is_light(client):
    programme = make.programme(state=ProgrammeState.LIVE)
    guest, typist = make.guest(programme), make.seated(programme, "stenographer")
    for number in range(20):
        question = make.approved(programme, text=f"第{number}个提问：我们小区的水压什么时候恢复？" * 20)
        answers.answer(question=question, guest=guest, text=f"第{number}个答复：请放心，已经安排检修。" * 40, by=typist)
    html = client.get(reverse("programme", args=[programme.pk])).content
    page = pages.parse(html.decode())
    named = {each.get("src") or each.get("href", "") for each in [*page.iter("script"), *page.iter("link")]}
    names = {name.removeprefix("/static/") for name in named if name.startswith("/static/")}
    while more := {other for name in names if name.endswith(".js") for other in imports(name)} - names:
        names |= more
    files = sum(len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in names)
    assert {"css/tokens.css", "js/programme.js", "js/socket.js"} <= names
    assert files + len(gzip.compress(html)) < WEIGHT_LIMIT


@pytest.mark.django_db
def test_a_long_page_travels_compressed(client):
    programme = make.programme(state=ProgrammeState.LIVE)
    transcript.publish_remark(programme=programme, text="大家好。", by=make.seated(programme, "stenographer"))
    response = client.get(reverse("programme", args=[programme.pk]), headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_pages_made_without_the_application_have_its_look_and_name_files_that_are_there(name):
    # Not by {% static %}: they must come out when nothing else does.
    page = pages.parse((settings.BASE / "templates" / name).read_text(encoding="utf-8"))
    sheets = [link.get("href", "") for link in page.iter("link")]
    assert sheets == [f"/static/css/{sheet}.css" for sheet in ("tokens", "base", "public")]
    assert [sheet for sheet in sheets if not finders.find(sheet.removeprefix(settings.STATIC_URL))] == []
