import re

import httpx

from tests.server import BASE


def hashed(server, name):
    """Return the address of a static file as pages give it."""
    return server.manage("shell", "-v", "0", "-c", f"from django.templatetags.static import static; print(static({name!r}))").strip()


def test_a_file_is_served_under_its_hash_compressed_and_for_ever(server):
    address = hashed(server, "css/base.css")
    assert re.fullmatch(r"/static/css/base\.[0-9a-f]{12}\.css", address)
    answer = httpx.get(server.url + address)
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'


def test_modules_import_each_other_under_their_hashes(server):
    importing = [path for path in (BASE / "static" / "js").glob("*.js") if re.search(r'from "\./', path.read_text(encoding="utf-8"))]
    assert importing != []
    for module in importing:
        source = httpx.get(server.url + hashed(server, f"js/{module.name}")).text
        imported = re.findall(r'from "\./([^"]+)"', source)
        assert imported != []
        for name in imported:
            assert re.fullmatch(r"\w[\w-]*\.[0-9a-f]{12}\.js", name)
            assert httpx.get(f"{server.url}/static/js/{name}").status_code == 200


def test_a_file_that_is_not_there_is_404(server):
    assert httpx.get(f"{server.url}/static/css/none.css").status_code == 404
