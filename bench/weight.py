"""The weight of the reading page with everything it loads, compressed; SQL statements per public page."""

import gzip
import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from tests.server import running  # noqa: E402

# What a page names: styles, scripts, pictures; and what a module names in turn.
_NAMED = re.compile(r'(?:<link rel="(?:stylesheet|icon)"[^>]*href|<script[^>]*src|<img[^>]*src)="([^"]+)"')
_IMPORTED = re.compile(r'(?:import|from)\s*"(\./[^"]+)"')

_COUNT = """
import json
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from interview.models import Programme
settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
shown = Programme.objects.order_by("-entries_published").first()
found = {}
for name, address in {"list": "/", "programme": shown.get_absolute_url()}.items():
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(address).status_code == 200
    found[name] = len(queries)
found["entries"] = shown.entries_published
print(json.dumps({"id": str(shown.pk), **found}))
"""


def fetch(address: str) -> tuple[int, str]:
    """The bytes on the wire of one address, compressed as a browser asks for it, and its text."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own server
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        body = answer.read()
        text = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
    return len(body), text.decode()


def weigh(page: str) -> dict[str, int]:
    """Bytes by address of a page and all it loads."""
    sizes: dict[str, int] = {}
    size, html = fetch(page)
    sizes["page"] = size
    waiting = [urljoin(page, name) for name in _NAMED.findall(html) if not name.startswith("data:")]
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        sizes[address], text = fetch(address)
        if address.endswith(".js"):
            waiting += [urljoin(address, name) for name in _IMPORTED.findall(text)]
    return sizes


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="fangtan-bench-") as folder, running(Path(folder) / "server") as server:
        messages = BASE / "rehearsal" / "demo" / "live.toml"
        server.manage("rehearse", "--url", server.url, "--script", str(messages), "--speed", "0", "--readers", "1")
        told = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", _COUNT],
            cwd=BASE,
            env=server.env,
            capture_output=True,
            text=True,
            check=True,
        )
        statements = json.loads(told.stdout.strip().splitlines()[-1])
        sizes = weigh(f"{server.url}/interviews/{statements.pop('id')}/")
    print(json.dumps({"bytes": sum(sizes.values()), "page_bytes": sizes["page"], "files": len(sizes), "statements": statements}, indent=2))


if __name__ == "__main__":
    main()
