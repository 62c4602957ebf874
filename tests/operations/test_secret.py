import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from operations.secret import read_or_make


def test_a_key_is_made_for_its_owner_alone(tmp_path):
    key = read_or_make(tmp_path / "secret_key")
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_key_stays_the_same(tmp_path):
    assert read_or_make(tmp_path / "secret_key") == read_or_make(tmp_path / "secret_key")


def test_all_who_start_at_once_get_one_key(tmp_path):
    together = Barrier(8)

    def start(_number):
        together.wait()
        return read_or_make(tmp_path / "secret_key")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
