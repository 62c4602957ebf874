import os
import subprocess
import sys

import pytest

from operations import bootstrap
from tests.server import BASE


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An installation of its own, with two lock files and nothing installed."""
    for name, words in {"BASE": "", "VENV": ".venv", "TOOLS": ".tools"}.items():
        monkeypatch.setattr(bootstrap, name, tmp_path / words)
    (tmp_path / "requirements.txt").write_text("one==1\n")
    (tmp_path / "requirements-dev.txt").write_text("one==1\ntwo==2\n")
    (tmp_path / ".venv").mkdir()
    return tmp_path


def stamp(*, dev):
    (bootstrap.VENV / "stamps").write_text("\n".join(bootstrap.digest(lock) for lock in bootstrap.locks(dev=dev)))


def test_nothing_installed_is_not_ready(folder):
    assert not bootstrap.is_ready(dev=False)


def test_what_run_installs_is_not_enough_for_test(folder):
    stamp(dev=False)
    assert bootstrap.is_ready(dev=False)
    assert not bootstrap.is_ready(dev=True)


def test_what_test_installs_is_enough_for_run(folder):
    stamp(dev=True)
    assert bootstrap.is_ready(dev=True)
    assert bootstrap.is_ready(dev=False)


def test_a_changed_lock_is_installed_again(folder):
    stamp(dev=True)
    (folder / "requirements.txt").write_text("one==2\n")
    assert not bootstrap.is_ready(dev=False)


def test_a_folder_that_was_moved_is_installed_again(folder, monkeypatch):
    stamp(dev=False)
    monkeypatch.setattr(bootstrap, "BASE", folder / "elsewhere")
    (folder / "elsewhere").mkdir()
    (folder / "requirements.txt").rename(folder / "elsewhere" / "requirements.txt")
    assert not bootstrap.is_ready(dev=False)


def test_a_virtual_environment_is_made_with_pip(folder):
    bootstrap.make_venv(folder / "made")
    asked = subprocess.run([folder / "made" / "bin" / "python", "-m", "pip", "--version"], capture_output=True, text=True, check=True)
    assert str(folder / "made") in asked.stdout


def test_a_python_without_venv_is_told_the_remedy(folder, monkeypatch):
    # A program that fails as Debian's python3 does without python3-venv.
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(bootstrap.BootstrapError, match="sudo apt install python3-venv"):
        bootstrap.make_venv(folder / "made")


def test_the_lock_of_run_installs_nothing_that_test_does_not():
    runtime, dev = ({line for line in lock.read_text().splitlines() if "==" in line} for lock in bootstrap.locks(dev=True))
    assert runtime - dev == set()


def test_uv_is_told_of_the_mirror_that_pip_uses(folder, monkeypatch):
    (folder / ".tools").symlink_to(BASE / ".tools")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(folder / "pip.conf"))
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    (folder / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple\n")
    assert bootstrap.environment()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://chosen.example/simple")
    assert bootstrap.environment()["UV_DEFAULT_INDEX"] == "https://chosen.example/simple"


def test_a_second_call_finds_everything_done():
    done = subprocess.run(
        [sys.executable, "operations/bootstrap.py", "--dev"],
        cwd=bootstrap.BASE,
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
