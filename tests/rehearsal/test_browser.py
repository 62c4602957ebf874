from pathlib import Path
from uuid import uuid4

import pytest

from rehearsal.browser import Browser, Turned
from tests.rehearsal.company import gather, pages
from tests.rehearsal.scripts import QUESTION, written
from tests.server import Server


async def test_a_page_that_is_not_there_is_told_in_the_words_a_person_reads():
    async with pages({"/": "好"}) as url, Browser(url) as browser:
        assert await browser.get("/") == "好"
        with pytest.raises(Turned) as turned:
            await browser.get("/missing/")
    assert (turned.value.status, turned.value.code, turned.value.words) == (404, "", "没有这一页")


async def test_a_person_asks_signs_in_and_is_refused_in_words(server: Server, tmp_path: Path):
    cast = gather(server, written(tmp_path, QUESTION), prefix="browser")
    page, desk = f"/interviews/{cast.programme_id}/", f"/staff/interviews/{cast.programme_id}/desk/"
    async with Browser(server.url) as browser:
        assert browser.cookie == ""
        asked = await browser.post(f"{page}ask/", form=page, token=uuid4(), nickname="湖滨老李", text="水压？")
        assert asked.json()["url"].startswith("/receipts/")
        assert sorted(cookie.split("=")[0] for cookie in browser.cookie.split("; ")) == ["csrftoken", "visitor"]
        with pytest.raises(Turned) as turned:
            await browser.post(f"{page}ask/", form=page, token=uuid4(), nickname="主持人", text="水压？")
        assert (turned.value.status, turned.value.code) == (422, "invalid")
        assert "主持人" in turned.value.words

        with pytest.raises(Turned):
            await browser.sign_in(cast.host.username, "another password")
        await browser.sign_in(cast.host.username, cast.host.password)
        assert "供水" in await browser.get(desk)
        assert (await browser.post(f"{desk}open/", form=desk)).status_code < 400


async def test_who_was_dismissed_cannot_sign_in(server: Server, tmp_path: Path):
    made = gather(server, written(tmp_path, QUESTION), prefix="dismissed", after="cast.dismiss(made)")
    async with Browser(server.url) as browser:
        for member in made.members:
            with pytest.raises(Turned):
                await browser.sign_in(member.username, member.password)
