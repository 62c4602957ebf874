import json
from pathlib import Path

from tests.rehearsal.scripts import DECLINED, QUESTION, REMARK, WAITING, written
from tests.server import Server


def test_a_performance_is_played_read_archived_and_checked(server: Server, tmp_path: Path):
    path = written(tmp_path, REMARK, QUESTION, DECLINED, WAITING)
    words = ("rehearse", "--url", server.url, "--script", str(path), "--speed", "0", "--readers", "30", "--json")
    report = json.loads(server.manage(*words))
    assert report["wrong"] == []
    assert report["states"] == {"answered": 1, "declined": 1, "received": 1}
    assert (report["readers"], report["entries_published"], report["answers_published"]) == (30, 5, 1)
    # Everybody got the same, and more than the entries: states of the programme and of the questions.
    assert report["events_delivered"] % 30 == 0
    assert report["events_delivered"] >= 30 * 5
    archived = server.portal / report["archived"].removeprefix("/archive/") / "transcript.json"
    entries = json.loads(archived.read_text(encoding="utf-8"))["entries"]
    assert [entry["kind"] for entry in entries if entry["kind"] != "notice"] == ["remark", "question", "answer"]
