"""Makes a portal with two interviews, for a browser: `python -m tests.archive.on_disk FOLDER` prints the page and the words on it.

A program of its own, because no test may ask the database while Playwright's synchronous side runs.
"""

import json
import os
import sys
from io import BytesIO
from pathlib import Path

import django
from django.core.files.base import ContentFile
from PIL import Image


def picture(colour: str) -> ContentFile:
    out = BytesIO()
    Image.new("RGB", (640, 360), colour).save(out, "WEBP")
    return ContentFile(out.getvalue(), name=f"{colour}.webp")


def make(root: Path) -> dict[str, object]:
    """Two interviews, one imported and one with everything a page can show; the uploads are gone afterwards."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up first

    from archive import portal  # noqa: PLC0415
    from archive.importing import import_transcript  # noqa: PLC0415
    from interview import answers, entries, transcript  # noqa: PLC0415
    from tests import scenes  # noqa: PLC0415
    from tests.archive.records import held, record, speaker  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    older = import_transcript(record(scenes.organisation(name="浔江市自来水公司")), by=scenes.editor())
    portal.publish(programme=older, by=scenes.editor())
    programme, editor = held(title="自来水公司总经理谈夏季供水", cover_alt="水厂的沉淀池")
    programme.cover.save("cover.webp", picture("teal"))
    speaker(programme).portrait.save("face.webp", picture("navy"))
    answers.answer_in_writing(question=programme.questions.get(state="owed"), text="明年换。", by=editor)
    transcript.revise(entry=entries.of(programme).get(position=1), text="大家好。", reason="口误", seen=1, by=editor)
    publication = portal.publish(programme=programme, by=editor)
    (root / "media").rename(root / "gone")
    words = [entry.text for entry in entries.of(programme)]
    return {"address": (root / "portal" / publication.folder / "index.html").as_uri(), "words": words}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    os.environ |= {"DJANGO_SETTINGS_MODULE": "settings", "DATA_DIR": str(folder / "data"), "DEMONSTRATION": "true"}
    os.environ |= {"PORTAL_ROOT": str(folder / "portal"), "MEDIA_ROOT": str(folder / "media")}
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    django.setup()
    print(json.dumps(make(folder)))
