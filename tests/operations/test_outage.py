import pytest
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError
from django.urls import path

import urls

ERRORS = {"gone": OperationalError, "closed": InterfaceError, "standby": InternalError, "ours": IntegrityError, "wrong": ValueError}


def failing(request, kind):
    raise ERRORS[kind]("a reason that is nobody's business")


handler500 = urls.handler500
urlpatterns = [path("failing/<kind>/", failing), *urls.urlpatterns]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("kind", ["gone", "closed", "standby"])
def test_while_the_database_is_away_a_page_says_when_to_come_back(visitor, kind):
    answer = visitor.post(f"/failing/{kind}/")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    assert "<h1>网站正在恢复</h1>" in answer.text
    assert "nobody's business" not in answer.text


def test_a_script_is_told_the_same_in_its_own_way(visitor):
    answer = visitor.post("/failing/gone/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    detail = "系统正在恢复，这一步还没有完成。请等十秒再提交一次，您的内容仍在页面上。"
    assert answer.json() == {"code": "unavailable", "detail": detail, "fields": {}}


@pytest.mark.parametrize("kind", ["ours", "wrong"])
def test_a_fault_of_ours_stays_a_fault_of_ours(visitor, kind):
    answer = visitor.post(f"/failing/{kind}/")
    assert (answer.status_code, answer.get("Retry-After")) == (500, None)
    assert "<h1>网站出了差错</h1>" in answer.text


async def test_it_is_the_same_behind_an_asgi_server(async_client):
    async_client.raise_request_exception = False
    statuses = [(await async_client.get(f"/failing/{kind}/")).status_code for kind in ERRORS]
    assert statuses == [503, 503, 503, 500, 500]
