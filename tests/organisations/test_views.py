import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import Kind, Organisation
from tests import scenes as make

pytestmark = pytest.mark.django_db
PAGE = "/staff/organisations/"


@pytest.fixture
def editor(client):
    client.force_login(make.editor())
    return client


def post(client, text, **more):
    return client.post(PAGE, {"table": SimpleUploadedFile("单位.csv", text.encode()), **more})


def test_strangers_are_sent_to_sign_in_and_back(client):
    for answer in (client.get(PAGE), post(client, "类别,名称\n主管部门,市水务局\n")):
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/staff/organisations/")
    assert Organisation.objects.count() == 0


def test_other_accounts_see_nothing_and_change_nothing(client):
    client.force_login(make.user())
    assert client.get(PAGE).status_code == 403
    assert post(client, "类别,名称\n主管部门,市水务局\n").status_code == 403
    assert Organisation.objects.count() == 0


def test_an_empty_registry_says_what_will_stand_here(editor):
    assert "还没有单位。" in editor.get(PAGE).content.decode()


def test_an_editor_imports_and_sees_the_result_and_the_list(editor):
    page = post(editor, "类别,名称,主管部门\n公共企事业单位,市水司,市水务局\n主管部门,市水务局,\n")
    assert (page.status_code, [str(each) for each in page.context["organisations"]]) == (200, ["市水务局", "市水司"])
    assert "导入完成：新增2个，更新0个，未变0个。" in page.content.decode()


def test_errors_are_listed_by_line_and_a_name_is_never_markup(editor):
    page = post(editor, "类别,名称\n<script>alert(1)</script>,甲\n")
    text = page.content.decode()
    assert (page.status_code, "<script>alert(1)" in text, Organisation.objects.count()) == (422, False, 0)
    assert "没有导入。" in text
    assert "第2行" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize("fields", [{}, {"table": "no file"}, {"table": SimpleUploadedFile("empty.csv", b"")}])
def test_without_a_file_the_form_says_so(editor, fields):
    page = editor.post(PAGE, fields)
    assert (page.status_code, list(page.context["form"].errors), page.context["report"]) == (422, ["table"], None)


def test_a_post_without_our_token_is_refused():
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(make.editor())
    assert post(stranger, "类别,名称\n主管部门,甲\n", csrfmiddlewaretoken="x" * 64).status_code == 403
    assert Organisation.objects.count() == 0


def test_the_list_takes_as_many_statements_for_three_as_for_one(editor):
    counts = []
    for _ in (1, 3):
        make.organisation(parent=make.organisation(name=f"局{len(counts)}", kind=Kind.DEPARTMENT))
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(PAGE).status_code == 200
        counts.append(len(queries))
        make.organisation(parent=Organisation.objects.get(name="局0"))
    assert counts[0] == counts[1]
