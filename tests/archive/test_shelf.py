import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archive import shelf
from archive.shelf import Draft

BASE = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path) -> Path:
    return tmp_path / "shelf"


FOLDER = "interviews/2010/0714-a"


def place(root: Path, word: str) -> None:
    with shelf.locked(root), Draft(root) as draft:
        for name in ("one", "two", "three"):
            draft.write(f"{FOLDER}/{name}", word.encode())
        draft.write("index.html", word.encode())
        draft.place(FOLDER, "index.html")


def words(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file() and path.name != shelf.LOCK}


def all_say(word: str) -> dict[str, str]:
    return {f"{FOLDER}/{name}": word for name in ("one", "two", "three")} | {"index.html": word}


def test_a_draft_takes_the_place_of_what_stood_there(root):
    place(root, "old")
    assert words(root) == all_say("old")
    place(root, "new")
    assert words(root) == all_say("new")


def test_a_file_that_is_not_in_the_new_folder_is_gone(root):
    place(root, "old")
    (root / FOLDER / "left over").write_text("old")
    place(root, "new")
    assert words(root) == all_say("new")


def test_the_digest_is_of_what_was_written(root, tmp_path):
    source = tmp_path / "picture"
    source.write_bytes(b"picture")
    with shelf.locked(root), Draft(root) as draft:
        assert draft.write("a", b"picture") == draft.write("b", source)
        assert draft.write("c", b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("placed", [False, True])
def test_an_exception_puts_back_what_stood_there(root, placed):
    place(root, "old")

    def fail() -> None:
        with shelf.locked(root), Draft(root) as draft:
            draft.write(f"{FOLDER}/one", b"new")
            draft.write("index.html", b"new")
            draft.write("fresh.xml", b"new")
            if placed:
                draft.place(FOLDER, "index.html", "fresh.xml")
            raise RuntimeError("the commit failed")

    with pytest.raises(RuntimeError):
        fail()
    assert words(root) == all_say("old")
    assert [path.name for path in (root / shelf.WORKSHOP).iterdir()] == [shelf.LOCK]


def read_folder(at: Path) -> set[str]:
    """What the files of one folder say; an open folder stays the one it was, whatever its name leads to by then."""
    handle = os.open(at, os.O_RDONLY)
    seen = set()
    try:
        for name in ("one", "two", "three"):
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=handle)) as file:
                seen.add(file.read())
    except FileNotFoundError:
        # The old one, taken down while it was being read: less of it, never something else.
        pass
    finally:
        os.close(handle)
    return seen


def test_a_reader_finds_the_whole_old_or_the_whole_new_one(root):
    place(root, "0" * 10)
    found: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen = read_folder(root / FOLDER)
            words = (root / "index.html").read_text()
            if len(seen) > 1 or len(words) != 10 or not (root / FOLDER).is_dir():
                found.append((seen, words))

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(100):
        place(root, f"{number:010d}")
    stop.set()
    thread.join()
    assert found == []


PLACE_FOR_EVER = """
import itertools, sys
from pathlib import Path
from archive import shelf
root = Path(sys.argv[1])
for number in itertools.count():
    with shelf.locked(root), shelf.Draft(root) as draft:
        for name in ("one", "two", "three"):
            draft.write(f"interviews/2010/0714-a/{name}", b"%010d" % number)
        draft.place("interviews/2010/0714-a")
    print(number, flush=True)
"""


def test_killed_at_any_moment_it_leaves_the_old_or_the_new_one(root):
    place(root, "0" * 10)
    for moment in range(12):
        writer = subprocess.Popen([sys.executable, "-c", PLACE_FOR_EVER, str(root)], cwd=BASE, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        # Somewhere within the next few rounds, never at the same place twice.
        for _round in range(1 + moment % 3):
            writer.stdout.readline()
        time.sleep(moment * 0.0007)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        assert len(read_folder(root / FOLDER)) == 1
    with shelf.locked(root):
        pass
    assert [path.name for path in (root / shelf.WORKSHOP).iterdir()] == [shelf.LOCK]


class TestWithoutExchange:
    """On file systems whose names cannot be exchanged in one step."""

    @pytest.fixture(autouse=True)
    def _kernel(self, monkeypatch):
        monkeypatch.setattr(shelf, "_RENAME_EXCHANGE", 1 << 30)  # a flag that no kernel knows: it answers EINVAL

    def test_the_draft_takes_the_place_all_the_same(self, root):
        place(root, "old")
        place(root, "new")
        assert words(root) == all_say("new")

    def test_an_exception_puts_back_what_stood_there(self, root):
        test_an_exception_puts_back_what_stood_there(root, placed=True)

    def test_a_crash_between_the_two_steps_is_mended(self, root):
        place(root, "old")
        desk = root / shelf.WORKSHOP / "0123456789abcdef"
        (desk / "aside/interviews/2010").mkdir(parents=True)
        (desk / "new/interviews/2010/0714-a").mkdir(parents=True)
        (root / FOLDER).rename(desk / "aside" / FOLDER)
        with shelf.locked(root):
            assert words(root) == all_say("old")
        assert not desk.exists()


def test_what_a_crash_left_half_written_is_cleared_away(root):
    place(root, "old")
    desk = root / shelf.WORKSHOP / "0123456789abcdef"
    (desk / "new/interviews/2010/0714-a").mkdir(parents=True)
    (desk / "new/interviews/2010/0714-a/one").write_text("ha")
    place(root, "new")
    assert not desk.exists()
    assert words(root) == all_say("new")


def test_exchange_refuses_what_is_not_there(root, tmp_path):
    root.mkdir()
    (root / "one").write_text("one")
    with pytest.raises(OSError) as refusal:
        shelf.exchange(root / "one", root / "two")
    assert refusal.value.errno == errno.ENOENT


def test_only_one_writes_at_a_time(root, monkeypatch):
    monkeypatch.setattr(shelf, "LOCK_SECONDS", 0.0)
    with shelf.locked(root), pytest.raises(shelf.Busy), shelf.locked(root):
        raise AssertionError("two at once")
    with shelf.locked(root):
        pass
