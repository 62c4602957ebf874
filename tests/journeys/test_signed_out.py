"""Staff whose right is gone while their page is open: the page says so, says what to do, and leaves the server alone."""

import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.people import gather
from tests.journeys.test_reading import happen
from tests.server import running
from tests.test_staff_sockets import SEATS

pytestmark = pytest.mark.journey
TOLD = "您已退出登录，或者权限有变化，这一页不再更新。 重新打开这一页"


@pytest.fixture(scope="module")
def hurried(tmp_path_factory):
    """A server that looks again as often as it can."""
    launch = [sys.executable, "-m", "tests.hurried", "serve", "--port"]
    with running(tmp_path_factory.mktemp("hurried"), launch=lambda port: [*launch, str(port)]) as server:
        yield server
        assert server.errors() == []


def at_work(page, company, who, room):
    """Somebody at their page: where it tells of its connection, and a list that grows with every socket it opens."""
    sockets = []
    page.on("websocket", lambda opened: sockets.append(opened.url))
    company.enter(page, who, room)
    connection = page.locator("[data-connection]")
    expect(connection).to_have_attribute("data-state", "online")
    return connection, sockets


def passes(page, *, seconds):
    for _step in range(seconds // 2):
        page.clock.run_for(2_000)
        page.wait_for_timeout(20)


def test_who_signs_out_in_another_tab_is_told_on_the_desk_and_signs_in_again_from_there(hurried, new_person):
    company = gather(hurried, "outside")
    page = new_person("moderator", base_url=hurried.url)
    page.clock.install()
    connection, sockets = at_work(page, company, "moderator", "inbox")
    other = page.context.new_page()
    other.goto("/staff/")
    other.get_by_role("button", name="退出").click()
    expect(other.get_by_role("link", name="工作人员登录")).to_be_visible()

    expect(connection).to_have_text(TOLD)
    expect(connection).to_be_in_viewport()
    opened = len(sockets)
    passes(page, seconds=150)
    # The first one, and one to ask which topic it was.
    assert (opened, len(sockets)) == (2, 2)

    connection.get_by_role("link", name="重新打开这一页").click()
    username, password = company.people["moderator"]
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{company.room('inbox')}")
    expect(connection).to_have_attribute("data-state", "online")


def test_a_guest_without_the_seat_is_told_and_still_reads_what_everybody_reads(hurried, new_person):
    company = gather(hurried, "unseated")
    happen(hurried, company, "schedule.open(programme=programme, by=host)")
    guest = new_person("guest", base_url=hurried.url)
    connection, sockets = at_work(guest, company, "guest", "sheet")
    taken = SEATS.format(usernames=[company.people["guest"][0]], editor=company.people["editor"][0])
    hurried.manage("shell", "--no-imports", "-c", taken)
    expect(connection).to_have_text(TOLD)
    happen(hurried, company, "say('席位收回以后说的话。')")
    expect(guest.get_by_text("席位收回以后说的话。")).to_be_visible()
    assert len(sockets) == 2
