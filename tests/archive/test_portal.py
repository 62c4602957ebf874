import hashlib
import json
import logging
import os
import re
import resource
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from archive import portal, publications, shelf
from archive.importing import import_transcript
from archive.models import Publication
from interview import answers, entries, questions, transcript
from interview.models import Programme
from realtime.commands import Refused
from tests import scenes as make
from tests.archive.records import held, record, speaker

pytestmark = pytest.mark.django_db


def tree(root: Path) -> dict[str, bytes]:
    """Every file a reader can reach, with its content."""
    files = [path for path in root.rglob("*") if path.is_file() and shelf.WORKSHOP not in path.parts]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def folder(publication: Publication, root: Path) -> Path:
    return root / publication.folder


def test_archiving_writes_one_folder_with_the_index_and_the_feed(portal_root):
    programme, editor = held()
    publication = portal.publish(programme=programme, by=editor)
    programme.refresh_from_db()
    assert programme.state == "archived"
    assert re.fullmatch(r"interviews/\d{4}/\d{4}-[0-9a-f]{12}", publication.folder)
    names = {"index.html", "style.css", "transcript.json", "transcript.txt", "files.sha256"}
    assert set(tree(portal_root)) == {f"{publication.folder}/{name}" for name in names} | {"index.html", "feed.xml", "style.css"}


def test_the_row_says_what_was_written_and_by_whom(portal_root):
    programme, editor = held()
    row = Publication.objects.get(pk=portal.publish(programme=programme, by=editor).pk)
    written = (folder(row, portal_root) / "transcript.json").read_bytes()
    assert (row.revision, row.digest, row.by, row.error, row.due) == (1, hashlib.sha256(written).hexdigest(), editor, "", False)
    assert row.first_written_at == row.revised_at == row.written_at


def test_the_digests_are_those_of_the_files(portal_root):
    programme, editor = held()
    at = folder(portal.publish(programme=programme, by=editor), portal_root)
    done = subprocess.run(["sha256sum", "-c", "files.sha256"], cwd=at, capture_output=True, text=True, check=False)
    listed = {line.split(": ")[0] for line in done.stdout.splitlines()}
    assert (done.returncode, done.stderr) == (0, "")
    assert listed == {path.name for path in at.iterdir()} - {"files.sha256"}


def test_other_people_may_read_what_was_written(portal_root):
    programme, editor = held()
    at = folder(portal.publish(programme=programme, by=editor), portal_root)
    umask = os.umask(0)
    os.umask(umask)
    assert at.stat().st_mode & 0o777 == 0o777 & ~umask
    assert {path.stat().st_mode & 0o777 for path in at.iterdir()} == {0o666 & ~umask}


def test_pictures_are_copied_beside_the_page(portal_root, settings):
    programme, editor = held()
    guest = speaker(programme)
    guest.portrait.save("face.webp", ContentFile(b"face"))
    programme.cover.save("cover.webp", ContentFile(b"cover"))
    at = folder(portal.publish(programme=programme, by=editor), portal_root)
    assert (at / "pictures" / guest.portrait.name).read_bytes() == b"face"
    assert (at / "pictures" / programme.cover.name).read_bytes() == b"cover"
    page = (at / "index.html").read_text()
    assert f'src="pictures/{guest.portrait.name}"' in page
    assert f'src="pictures/{programme.cover.name}"' in page
    assert settings.MEDIA_URL not in page


def test_a_picture_that_is_gone_does_not_keep_the_words_from_the_archive(portal_root, caplog):
    programme, editor = held()
    guest = speaker(programme)
    guest.portrait.save("face.webp", ContentFile(b"face"))
    Path(guest.portrait.path).unlink()
    with caplog.at_level(logging.WARNING):
        at = folder(portal.publish(programme=programme, by=editor), portal_root)
    assert "<img" not in (at / "index.html").read_text()
    assert json.loads((at / "transcript.json").read_text())["guests"][0]["portrait"] is None
    assert guest.portrait.name in caplog.text


def test_only_an_editor_archives(portal_root):
    programme, _editor = held()
    with pytest.raises(Refused) as refusal:
        portal.publish(programme=programme, by=make.seated(programme, "host"))
    assert refusal.value.code == "forbidden"
    assert not portal_root.exists()
    assert Publication.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "announced", "live", "postponed", "cancelled"])
def test_only_what_has_ended_is_archived(portal_root, state):
    programme = make.programme(state=state)
    with pytest.raises(Refused) as refusal:
        portal.publish(programme=programme, by=make.editor())
    programme.refresh_from_db()
    assert (refusal.value.code, programme.state, Publication.objects.count()) == ("conflict", state, 0)
    assert not portal_root.exists()


def test_archiving_again_changes_nothing_but_the_time(portal_root):
    programme, editor = held()
    first = portal.publish(programme=programme, by=editor)
    before = tree(portal_root)
    again = portal.publish(programme=programme, by=editor)
    assert tree(portal_root) == before
    assert (again.pk, again.revision, again.folder, again.first_written_at) == (first.pk, 1, first.folder, first.first_written_at)


def test_what_was_corrected_is_stale_until_it_is_written_again(portal_root):
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    assert list(publications.stale()) == []
    entry = entries.of(programme).get(position=1)
    transcript.revise(entry=entry, text="各位网友，大家好。", reason="口误", seen=1, by=editor)
    assert list(publications.stale()) == [programme]
    assert portal.write_stale() == 1
    assert list(publications.stale()) == []
    row = Publication.objects.get()
    assert row.revision == 2
    page = (folder(row, portal_root) / "index.html").read_text()
    assert "各位网友，大家好。" in page
    assert "第2版" in page


def test_an_answer_in_writing_makes_the_folder_stale(portal_root):
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    owed = programme.questions.get(state="owed")
    answers.answer_in_writing(question=owed, text="纳入明年的改造计划。", by=editor)
    assert portal.write_stale() == 1
    said = json.loads((folder(Publication.objects.get(), portal_root) / "transcript.json").read_text())
    assert said["owed"] == []
    assert [entry["text"] for entry in said["entries"][-2:]] == [owed.text, "纳入明年的改造计划。"]


def test_only_the_named_programme_is_written(portal_root):
    (one, editor), (other, _) = held(), held()
    for programme in (one, other):
        portal.publish(programme=programme, by=editor)
    for programme in (one, other):
        transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    assert portal.write_stale(programme_id=str(one.pk)) == 1
    assert list(publications.stale()) == [other]
    assert portal.write_stale(programme_id=str(one.pk)) == 0


def test_withdrawn_words_are_nowhere_in_the_folder(portal_root):
    programme, editor = held()
    entry = entries.of(programme).get(kind="answer", text__contains="今晚八点")
    transcript.revise(entry=entry, text="请打13800000000。", reason="更正", seen=1, by=editor)
    portal.publish(programme=programme, by=editor)
    found = [name for name, content in tree(portal_root).items() if b"13800000000" in content]
    assert len(found) == 3
    transcript.withdraw(entry=entry, reason="含个人电话", by=editor)
    portal.write_stale()
    after = tree(portal_root)
    assert [name for name, content in after.items() if b"13800000000" in content or "今晚八点".encode() in content] == []
    page = next(content for name, content in after.items() if name.endswith("/index.html") and name.count("/") == 3)
    assert "含个人电话" in page.decode()


def test_a_question_taken_back_after_the_close_leaves_the_owed_list(portal_root):
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    owed = programme.questions.get(state="owed")
    questions.withdraw(owed)
    assert portal.write_stale() == 1
    assert owed.text.encode() not in b"".join(tree(portal_root).values())


def test_a_folder_that_was_deleted_is_written_again(portal_root):
    programme, editor = held()
    at = folder(portal.publish(programme=programme, by=editor), portal_root)
    (at / "index.html").unlink()
    assert portal.write_stale() == 1
    assert (at / "index.html").is_file()


def test_neighbours_link_to_each_other_whatever_the_order_of_archiving(portal_root):
    unit, editor = make.organisation(), make.editor()
    days = {
        name: import_transcript(record(unit, key=name, title=f"第{name}期", opened_at=timezone.now() + timedelta(days=shift)), by=editor)
        for name, shift in (("一", -30), ("二", -20), ("三", -10))
    }
    for name in ("一", "三", "二"):
        portal.publish(programme=days[name], by=editor)
    links = {
        row.programme.title: re.findall(r'<link rel="(prev|next)" href="([^"]+)"', (folder(row, portal_root) / "index.html").read_text())
        for row in Publication.objects.all()
    }
    at = {row.programme.title: f"../../../{row.folder}/index.html" for row in Publication.objects.all()}
    assert links == {
        "第一期": [("next", at["第二期"])],
        "第二期": [("prev", at["第一期"]), ("next", at["第三期"])],
        "第三期": [("prev", at["第二期"])],
    }
    assert list(publications.stale()) == []


def test_a_rehearsal_is_archived_apart_and_listed_nowhere(portal_root):
    programme, editor = held(rehearsal=True, title="演练用的访谈")
    publication = portal.publish(programme=programme, by=editor)
    assert publication.folder.startswith("rehearsals/")
    listed = (portal_root / "index.html").read_text() + (portal_root / "feed.xml").read_text()
    assert "演练用的访谈" not in listed
    page = (folder(publication, portal_root) / "index.html").read_text()
    assert "演练：这不是正式访谈" in page
    assert '<meta name="robots" content="noindex">' in page


def test_files_are_in_the_language_and_zone_of_the_site_whoever_archives(portal_root, settings):
    programme, editor = held()
    first = portal.publish(programme=programme, by=editor)
    before = tree(portal_root)
    with translation.override("en"), timezone.override("America/New_York"):
        portal.publish(programme=programme, by=editor)
    assert tree(portal_root) == before
    assert first.folder in "".join(before)


def test_the_number_of_statements_does_not_grow_with_the_transcript():
    def statements(count: int) -> int:
        programme, editor = held()
        guest = speaker(programme)
        Programme.objects.filter(pk=programme.pk).update(state="live")
        for number in range(count):
            question = make.approved(programme, text=f"第{number}问")
            answers.answer(question=question, guest=guest, text=f"第{number}答", by=editor)
            make.approved(programme, text=f"欠{number}")
        Programme.objects.filter(pk=programme.pk).update(state="ended")
        with CaptureQueriesContext(connection) as captured:
            portal.publish(programme=programme, by=editor)
        Publication.objects.all().delete()
        return len(captured)

    assert statements(1) == statements(6)


def test_looking_for_what_is_stale_takes_the_same_statements_for_one_and_for_three(django_assert_num_queries):
    editor = make.editor()
    for count in (1, 2):
        for _number in range(count):
            portal.publish(programme=held()[0], by=editor)
        with django_assert_num_queries(3):
            assert list(publications.stale()) == []


# ── Trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def file_limit():
    """No file may grow beyond 32 MB, as on a full quota: a real refusal by the kernel, for root too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (32 * 2**20, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def large_cover(programme: Programme) -> None:
    programme.refresh_from_db()
    programme.cover.save("cover.webp", ContentFile(b""))
    with Path(programme.cover.path).open("r+b") as file:
        file.truncate(33 * 2**20)


def test_no_room_leaves_everything_as_it_was_and_says_so(portal_root, file_limit):
    programme, editor = held()
    large_cover(programme)
    file_limit()
    with pytest.raises(Refused) as refusal:
        portal.publish(programme=programme, by=editor)
    assert refusal.value.code == "storage"
    assert refusal.value.detail == (
        f"归档目录 {portal_root} 所在的磁盘没有空间了。请联系管理员清理磁盘，然后再点一次“归档”。原有的归档文件没有改动，实录没有丢失。"
    )
    programme.refresh_from_db()
    assert (programme.state, programme.archived_at) == ("ended", None)
    assert tree(portal_root) == {}
    assert [path.name for path in (portal_root / shelf.WORKSHOP).iterdir()] == [shelf.LOCK]
    row = Publication.objects.get()
    assert (row.revision, row.error) == (0, refusal.value.detail)


def test_no_room_for_a_correction_leaves_the_old_archive_whole_and_it_is_tried_again(portal_root, file_limit):
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    before = tree(portal_root)
    large_cover(programme)
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    file_limit()
    assert portal.write_stale() == 0
    assert tree(portal_root) == before
    assert "没有空间" in Publication.objects.get().error
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    assert portal.write_stale() == 1
    row = Publication.objects.get()
    assert (row.error, row.revision) == ("", 2)


def test_a_root_that_is_no_folder_is_told(portal_root):
    programme, editor = held()
    portal_root.write_text("a file")
    with pytest.raises(Refused) as refusal:
        portal.publish(programme=programme, by=editor)
    programme.refresh_from_db()
    assert (refusal.value.code, programme.state) == ("storage", "ended")
    assert f"归档目录 {portal_root} 不是可用的目录" in refusal.value.detail
    assert portal_root.read_text() == "a file"


@pytest.fixture
def as_nobody(tmp_path):
    """What follows runs without the rights of root, where the suite runs as root."""
    if os.geteuid() != 0:
        yield lambda: None
        return
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:3]:
        if parent.stat().st_uid == 0 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    yield lambda: os.seteuid(65534)
    os.seteuid(0)


def test_a_root_that_may_not_be_written_is_told(portal_root, as_nobody):
    programme, editor = held()
    portal.publish(programme=programme, by=editor)
    before = tree(portal_root)
    for path in [portal_root, *portal_root.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    as_nobody()
    with pytest.raises(Refused) as refusal:
        portal.publish(programme=programme, by=editor)
    assert refusal.value.code == "storage"
    assert f"归档目录 {portal_root} 不能写入" in refusal.value.detail
    assert tree(portal_root) == before


# ── Several at once ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_archive_once(portal_root):
    programme, editor = held()
    other = make.editor()
    found: list[object] = []

    def press(by) -> None:
        try:
            found.append(portal.publish(programme=programme, by=by).revision)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in (editor, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1]
    kinds = make.kinds(f"stage:{programme.pk}")
    assert kinds.count("programme.changed") == 2  # closed once, archived once
    assert list(publications.stale()) == []


@pytest.mark.django_db(transaction=True)
def test_a_correction_while_the_files_are_made_is_in_them(portal_root):
    programme, editor = held()
    guest = speaker(programme)
    guest.portrait.save("face.webp", ContentFile(b""))
    picture = Path(guest.portrait.path)
    picture.unlink()
    # Whoever copies this picture waits at the open pipe until we write to it.
    os.mkfifo(picture)
    found: list[Publication] = []

    def press() -> None:
        try:
            found.append(portal.publish(programme=programme, by=editor))
        finally:
            connection.close()

    thread = threading.Thread(target=press)
    thread.start()
    with picture.open("wb") as pipe:
        transcript.revise(entry=entries.of(programme).get(position=1), text="更正后的话。", seen=1, by=editor)
        # The next time it is a plain file.
        picture.unlink()
        picture.write_bytes(b"second")
        pipe.write(b"first")
    thread.join()
    at = folder(found[0], portal_root)
    assert "更正后的话。" in (at / "index.html").read_text()
    assert (at / "pictures" / guest.portrait.name).read_bytes() == b"second"
    assert list(publications.stale()) == []


def test_whoever_waits_too_long_for_another_writer_is_told(portal_root, monkeypatch):
    programme, editor = held()
    monkeypatch.setattr(shelf, "LOCK_SECONDS", 0.0)
    with shelf.locked(portal_root), pytest.raises(Refused) as refusal:
        portal.publish(programme=programme, by=editor)
    assert (refusal.value.code, tree(portal_root)) == ("conflict", {})
    portal.publish(programme=programme, by=editor)
