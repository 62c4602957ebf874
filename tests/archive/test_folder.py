import hashlib

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from archive import folder, publications, shelf
from archive.edition import gather
from archive.models import Publication
from interview import entries, transcript
from tests.archive.records import held, speaker

pytestmark = pytest.mark.django_db


def write(programme, root) -> tuple[Publication, dict[str, bytes]]:
    """Write the folder and return its row, unsaved, with the files as they lay in the draft."""
    publication = publications.of(programme)
    with shelf.locked(root), shelf.Draft(root) as draft:
        folder.write(draft, gather(programme), publication, previous=None, following=None, now=timezone.now())
        draft.place(publication.folder)
    at = root / publication.folder
    return publication, {str(path.relative_to(at)): path.read_bytes() for path in at.rglob("*") if path.is_file()}


def test_the_digests_are_of_what_was_written_in_the_order_of_names(portal_root):
    programme, _editor = held()
    guest = speaker(programme)
    guest.portrait.save("face.webp", ContentFile(b"face"))
    _publication, files = write(programme, portal_root)
    names = ["index.html", f"pictures/{guest.portrait.name}", "style.css", "transcript.json", "transcript.txt"]
    digests = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names)
    assert set(files) == {*names, "files.sha256"}
    assert files["files.sha256"].decode() == digests


def test_a_revision_is_counted_when_the_words_change_and_only_then(portal_root, settings):
    programme, editor = held()
    publication, _files = write(programme, portal_root)
    publication.save()
    settings.DEMONSTRATION = not settings.DEMONSTRATION
    again, _files = write(programme, portal_root)
    assert (again.revision, again.revised_at) == (1, publication.revised_at)
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", seen=1, by=editor)
    changed, _files = write(programme, portal_root)
    assert (changed.revision, changed.revised_at > publication.revised_at) == (2, True)
    assert changed.first_written_at == publication.first_written_at


def test_the_page_names_the_size_and_the_digest_of_what_lies_beside_it(portal_root):
    programme, _editor = held()
    publication, files = write(programme, portal_root)
    page = files["index.html"].decode()
    assert f"<code>{hashlib.sha256(files['transcript.json']).hexdigest()}</code>" in page
    assert publication.digest == hashlib.sha256(files["transcript.json"]).hexdigest()
