from tests.server import Server


def test_a_fresh_folder_becomes_ready_and_again_changes_nothing(own_server: Server):
    # A folder was prepared once, and the server runs on what came of it.
    before = sorted(path.relative_to(own_server.folder) for path in (own_server.folder / "static").rglob("*"))
    assert own_server.manage("prepare") == ""
    assert sorted(path.relative_to(own_server.folder) for path in (own_server.folder / "static").rglob("*")) == before
    assert own_server.manage("migrate", "--check") == ""
