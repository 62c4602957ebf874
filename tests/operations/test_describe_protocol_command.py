"""The document in the tree is the one the code makes, and has everything that docs/protocol.md tells of."""

import json
import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

DOCS = Path(__file__).resolve().parents[2] / "docs"


def printed() -> str:
    out = StringIO()
    call_command("describe_protocol", stdout=out)
    return out.getvalue()


def rows(heading: str) -> list[str]:
    """The first column of every table between this heading of docs/protocol.md and the next one."""
    text = (DOCS / "protocol.md").read_text(encoding="utf-8")
    [section] = re.findall(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `?(\w+)[^|]* \|", section, re.MULTILINE)[1:]


def test_the_document_in_the_tree_is_up_to_date():
    assert (DOCS / "asyncapi.json").read_text(encoding="utf-8") == printed(), (
        "docs/asyncapi.json is old: python manage.py describe_protocol > docs/asyncapi.json"
    )


def test_it_has_every_op_code_and_topic_of_the_text():
    document = json.loads(printed())
    live, operations = document["channels"]["live"], document["operations"]
    assert {f"receive_{op}" for op in rows("What a client sends")} | {f"send_{op}" for op in rows("What the server sends")} == set(
        operations
    )
    assert rows("Error codes") == list(live["x-error-codes"])
    assert rows("Close codes") == list(live["x-close-codes"])
    assert sorted(rows("Topics and their events")) == sorted(topic.partition(":")[0] for topic in live["x-topics"])
