"""Every test of the archive has a portal of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def portal_root(tmp_path: Path, settings) -> Path:
    settings.PORTAL_ROOT = tmp_path / "portal"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.PORTAL_ROOT
