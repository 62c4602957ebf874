import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


def test_the_language_is_kept_and_the_reader_is_back_where_they_were(client):
    response = client.get("/language/en/", {"next": "/?year=2010"})
    assert (response.status_code, response["Location"]) == (302, "/?year=2010")
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert '<html lang="en">' in client.get("/").content.decode()


def test_the_site_speaks_chinese_to_whoever_has_not_chosen(client):
    assert '<html lang="zh-hans">' in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(client, target):
    assert client.get("/language/en/", {"next": target})["Location"] == "/"


def test_a_language_we_do_not_speak_is_no_page(client):
    assert client.get("/language/tlh/").status_code == 404
