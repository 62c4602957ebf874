"""The folder of one archived programme: what lies in it, and the list of its digests."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage

from archive import exports, page
from archive.edition import PICTURES, Edition
from archive.models import Publication
from archive.shelf import Draft

# sha256sum -c reads it.
DIGESTS = "files.sha256"


def write(
    draft: Draft, edition: Edition, publication: Publication, *, previous: Publication | None, following: Publication | None, now: datetime
) -> None:
    """Write the programme's folder into the draft and bring `publication` up to date with it; the row is not saved.

    A new revision is counted when the words have changed, not when the look or a neighbour has.
    """
    data, text = exports.write_json(edition), exports.write_text(edition)
    digest = hashlib.sha256(data).hexdigest()
    if publication.digest != digest:
        publication.revision, publication.digest, publication.revised_at = publication.revision + 1, digest, now
    publication.first_written_at = publication.first_written_at or now
    publication.written_at, publication.tried_at, publication.error, publication.due = now, now, "", False
    html = page.render(
        edition,
        publication=publication,
        downloads=[("transcript.txt", len(text)), ("transcript.json", len(data))],
        previous=previous,
        following=following,
    )
    files: dict[str, bytes | Path] = {"index.html": html, "style.css": page.style(), "transcript.json": data, "transcript.txt": text}
    files |= {f"{PICTURES}{name}": Path(default_storage.path(name)) for name in edition.pictures}
    digests = {name: draft.write(f"{publication.folder}/{name}", files[name]) for name in sorted(files)}
    draft.write(f"{publication.folder}/{DIGESTS}", "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode())
