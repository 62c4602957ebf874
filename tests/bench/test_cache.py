"""The measured cache is the one that the manual describes: the same lines, but for a folder and a port."""

import shutil
from pathlib import Path

import pytest

from bench.polling import cache


def test_the_manual_s_lines_stand_in_the_configuration_word_by_word():
    made = cache.configuration(folder=Path("/folder"), port=81, upstream=82)
    here = [
        part.replace("/var/cache/nginx/fangtan", "/folder/cache").replace("127.0.0.1:8000", "127.0.0.1:82") for part in cache.documented()
    ]
    assert all(len(part.splitlines()) > 7 for part in here)
    assert [part in made for part in here] == [True, True]


def test_it_listens_on_loopback_alone_and_writes_into_its_folder_alone():
    made = cache.configuration(folder=Path("/folder"), port=81, upstream=82)
    listening = [line for line in made.splitlines() if "listen" in line]
    paths = [word for line in made.splitlines() if "location" not in line for word in line.rstrip(";").split() if word.startswith("/")]
    assert listening == ["listen 127.0.0.1:81 backlog=4096;"]
    assert [path for path in paths if not path.startswith("/folder/")] == []


def test_another_manual_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "MANUAL", tmp_path / "manual.md")
    cache.MANUAL.write_text("# Manual\n")
    with pytest.raises(ValueError, match=r"begins with proxy_cache_path in manual\.md, found none"):
        cache.documented()
    cache.MANUAL.write_text("x:\n\n    proxy_cache_path /elsewhere;\n\n    location /log/ { proxy_pass http://127.0.0.1:8000; }\n\nEnd.\n")
    with pytest.raises(ValueError, match="expected /var/cache/nginx/fangtan once"):
        cache.configuration(folder=tmp_path, port=81, upstream=82)


def test_without_nginx_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_args, **_named: None)
    with pytest.raises(cache.Missing, match="apt-get install nginx-light"):
        cache.program()


def test_an_unpacked_package_is_found_where_none_is_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "UNPACKED", tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("shutil.which", lambda name, path=None, which=shutil.which: which(name, path=path and path.rpartition(":")[2]))
    with pytest.raises(cache.Missing):
        cache.program()
    (tmp_path / "usr" / "sbin").mkdir(parents=True)
    (tmp_path / "usr" / "sbin" / "nginx").touch(mode=0o755)
    assert cache.program() == f"{tmp_path}/usr/sbin/nginx"
