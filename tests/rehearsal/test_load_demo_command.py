import asyncio
import subprocess
import sys

import httpx
import msgspec
import pytest
from django.core.management import CommandError, call_command

from rehearsal.browser import Browser
from rehearsal.cast import Cast
from tests.server import BASE, Server


async def closed_once_open(url: str, live: Cast, player: subprocess.Popen[str]) -> None:
    """The host waits until the player has opened the interview, and closes it."""
    desk = f"/staff/interviews/{live.programme_id}/desk/"
    async with Browser(url) as host:
        await host.sign_in(live.host.username, live.host.password)
        while "直播中" not in await host.get(f"/interviews/{live.programme_id}/"):
            assert player.poll() is None
            await asyncio.sleep(0.2)
        await host.post(f"{desk}close/", form=desk)


def test_without_a_city_there_is_no_demonstration(server: Server, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match=r"^No demonstration city here; make it with manage\.py load_demo\.$"):
        call_command("rehearse", "--url", server.url, "--demo")


def test_the_city_is_made_its_people_can_sign_in_and_its_interview_is_played_until_it_is_closed(own_server: Server):
    said = own_server.manage("load_demo").splitlines()
    assert own_server.manage("load_demo").splitlines() == said
    assert said[0] == "Demonstration / 演示：所有机构、人物和内容均为虚构。"
    made = msgspec.json.decode((own_server.folder / "demonstration.json").read_bytes(), type=dict[str, Cast])
    live = made["live"]
    assert [line.split()[:2] for line in said[2:]] == [
        [member.username, member.password]
        for member in [live.editor, live.host, live.stenographer, *live.moderators, *live.guests.values()]
    ]
    home = httpx.get(f"{own_server.url}/").text
    assert [str(cast.programme_id) in home for cast in made.values()] == [True, True]

    player = subprocess.Popen(
        [sys.executable, "manage.py", "rehearse", "--url", own_server.url, "--demo"],
        cwd=BASE,
        env=own_server.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        asyncio.run(closed_once_open(own_server.url, live, player))
        out, err = player.communicate(timeout=90)
    finally:
        player.kill()
        player.wait()
    assert (player.returncode, out, err) == (0, "The interview was closed; the demonstration ends with it.\n", "")
