"""The documents are held to the code: every setting, frame and word that the code has stands in them."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent


def document(name: str) -> str:
    return (BASE / "docs" / name).read_text(encoding="utf-8")


def test_every_setting_is_explained():
    names = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (BASE / "settings.py").read_text(encoding="utf-8"))
    explained = re.findall(r"^\| `([A-Z_]+)`", document("operations.md"), re.MULTILINE)
    assert sorted(explained) == sorted(names)
