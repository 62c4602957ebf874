import pytest

from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db


def page(client, user):
    client.force_login(user)
    return client.get("/staff/").content.decode()


def test_a_stranger_is_sent_to_sign_in_and_back(client):
    response = client.get("/staff/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/staff/")


def test_the_next_step_is_the_biggest_thing_and_leads_there(client):
    programme = make.programme(state=ProgrammeState.LIVE)
    assert f'<a class="button next" href="/staff/interviews/{programme.pk}/desk/">主持访谈</a>' in page(
        client, make.seated(programme, "host")
    )


def test_people_see_their_own_programmes_only(client):
    mine, other = make.programme(title="我的一期"), make.programme(title="别人的一期")
    make.programme(title="别人的草稿", state=ProgrammeState.DRAFT)
    make.seated(other, "host")
    seen = page(client, make.seated(mine, "host"))
    assert [title in seen for title in ("我的一期", "别人的一期", "别人的草稿", "新建访谈")] == [True, False, False, False]


def test_editors_see_every_programme_and_may_begin_a_new_one(client):
    for state in ProgrammeState:
        make.programme(title=f"一期{state}", state=state)
    seen = page(client, make.editor())
    assert [state for state in ProgrammeState if f"一期{state}" not in seen] == []
    assert 'href="/staff/interviews/new/"' in seen


def test_without_a_seat_one_is_told_how_to_get_one(client):
    assert "您现在没有席位。编辑为您安排席位后，那期访谈会出现在这里。" in page(client, make.user())


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_statements_however_many_programmes(client, count, django_assert_max_num_queries):
    person = make.user()
    for _ in range(count):
        make.seated(make.programme(), "host", user=person)
    client.force_login(person)
    with django_assert_max_num_queries(12):
        client.get("/staff/")
