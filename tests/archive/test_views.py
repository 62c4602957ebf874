import os

import pytest
from django.urls import reverse

from archive import portal
from archive.models import Publication
from interview import entries, transcript
from tests import scenes as make
from tests.archive.records import held

pytestmark = pytest.mark.django_db

JSON = {"headers": {"accept": "application/json"}}


def button(programme) -> str:
    return reverse("archive", args=[programme.pk])


@pytest.fixture
def written(portal_root):
    programme, editor = held()
    return portal.publish(programme=programme, by=editor)


def test_an_editor_archives_and_is_sent_back_to_the_proof_with_the_place(client):
    programme, editor = held()
    client.force_login(editor)
    response = client.post(button(programme))
    publication = Publication.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("proof", args=[programme.pk]))
    told = [str(message) for message in response.wsgi_request._messages]
    assert told == [f"已归档，网页和数据文件已写入门户目录：{publication.folder}。"]


def test_a_script_reads_where_the_page_is(client):
    programme, editor = held()
    client.force_login(editor)
    address = client.post(button(programme), **JSON).json()["address"]
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", ["host", "moderator", "stenographer"])
def test_seats_do_not_archive(client, portal_root, role):
    programme, _editor = held()
    client.force_login(make.seated(programme, role))
    assert client.post(button(programme), **JSON).status_code == 403
    assert not portal_root.exists()


def test_strangers_do_not_archive(client, portal_root):
    programme, _editor = held()
    assert client.post(button(programme), **JSON).status_code == 401
    assert client.post(button(programme)).status_code == 302
    assert not portal_root.exists()


def test_archiving_is_no_link(client):
    programme, editor = held()
    client.force_login(editor)
    assert client.get(button(programme)).status_code == 405


def test_trouble_with_the_disk_is_told_to_the_editor(client, portal_root):
    programme, editor = held()
    portal_root.write_text("a file")
    client.force_login(editor)
    response = client.post(button(programme), **JSON)
    assert (response.status_code, response.json()["code"]) == (507, "storage")
    assert str(portal_root) in response.json()["detail"]
    programme.refresh_from_db()
    assert programme.state == "ended"


def test_a_live_interview_is_not_archived(client):
    programme = make.programme(state="live")
    client.force_login(make.editor())
    assert client.post(button(programme), **JSON).status_code == 409


TYPES = {
    "index.html": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "transcript.json": "application/json; charset=utf-8",
    "transcript.txt": "text/plain; charset=utf-8",
    "files.sha256": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize(("name", "kind"), TYPES.items())
def test_files_are_served_as_what_they_are_and_nothing_runs(client, written, portal_root, name, kind):
    response = client.get(f"/archive/{written.folder}/{name}")
    assert response.content == (portal_root / written.folder / name).read_bytes()
    assert response["Content-Type"] == kind
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    assert response.cookies == {}


def test_folders_with_an_index_show_it(client, written):
    assert client.get("/archive/").content == client.get("/archive/index.html").content
    assert client.get(f"/archive/{written.folder}/").content == client.get(f"/archive/{written.folder}/index.html").content
    without = client.get(f"/archive/{written.folder}")
    assert (without.status_code, without["Location"]) == (302, f"/archive/{written.folder}/")
    assert client.get("/archive/feed.xml")["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_a_known_file_is_not_sent_again(client, written):
    address = f"/archive/{written.folder}/index.html"
    modified = client.get(address)["Last-Modified"]
    again = client.get(address, headers={"if-modified-since": modified})
    assert (again.status_code, again.content) == (304, b"")


def test_what_was_corrected_is_sent_again(client, written, portal_root):
    address = f"/archive/{written.folder}/index.html"
    os.utime(portal_root / written.folder / "index.html", (0, 0))
    modified = client.get(address)["Last-Modified"]
    entry = entries.of(written.programme).get(position=1)
    transcript.revise(entry=entry, text="更正。", seen=1, by=make.editor())
    portal.write_stale()
    assert "更正。" in client.get(address, headers={"if-modified-since": modified}).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "nothing.html",
        "interviews/",
        "interviews/2010",
        ".writing/lock",
        ".writing/",
        "interviews/../../secret.txt",
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "/etc/hostname",
        "//etc/hostname",
        "interviews/./index.html",
        "index.html%00.txt",
        "link.txt",
        "run.js",
        "index.html/",
        "a" * 5000,
    ],
)
def test_nothing_else_is_served(client, written, portal_root, path):
    (portal_root.parent / "secret.txt").write_text("for nobody")
    (portal_root / "link.txt").symlink_to(portal_root.parent / "secret.txt")
    (portal_root / "run.js").write_text("alert(1)")
    response = client.get(f"/archive/{path}")
    assert response.status_code == 404
    assert b"for nobody" not in response.content


def test_before_anything_is_archived_there_is_nothing(client, portal_root):
    assert client.get("/archive/").status_code == 404


def test_the_folder_is_only_read(client, written):
    assert client.post("/archive/index.html").status_code == 405
    assert client.head("/archive/index.html").status_code == 200
