import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from rehearsal import city
from tests.rehearsal.scripts import DECLINED, QUESTION, REMARK, WAITING, written
from tests.server import BASE, Server

EXAMPLES = city.DEMO / "messages.example.jsonl"
_ACTIVE = 'from accounts.models import User; print(User.objects.filter(username__startswith="rehearsal-", is_active=True).count())'
_LAST = 'from interview.models import Programme; print(Programme.objects.filter(rehearsal=True, title="演练：messages.example").last().pk)'


def shell(server: Server, code: str) -> str:
    return server.manage("shell", "--no-imports", "-c", code).strip()


def refused(server: Server, *words: str, extra: dict[str, str] | None = None) -> tuple[str, str]:
    """What a rehearsal prints and complains that does not end well."""
    command = [sys.executable, "manage.py", "rehearse", *words]
    done = subprocess.run(command, cwd=BASE, env={**server.env, **(extra or {})}, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def test_messages_are_rehearsed_and_all_sums_agree(server: Server):
    words = ("rehearse", "--url", f"{server.url}/", "--messages", str(EXAMPLES), "--speed", "0", "--readers", "5", "--json")
    report = json.loads(server.manage(*words))
    assert report["wrong"] == []
    sent = len(EXAMPLES.read_text(encoding="utf-8").splitlines())
    assert (report["questions_sent"], report["receipts"], report["readers"], sum(report["states"].values())) == (sent, sent, 5, sent)
    # Of twelve the seventh is left, the ninth is declined.
    assert report["states"] == {"answered": 10, "declined": 1, "owed": 1}
    # Three of the portal and the host: opened, good day, closed; then each answer behind its question.
    assert (report["entries_published"], report["answers_published"]) == (3 + 2 * 10, 10)

    programme = shell(server, _LAST)
    assert programme not in httpx.get(f"{server.url}/").text
    page = httpx.get(f"{server.url}/interviews/{programme}/")
    assert "演练：这不是正式访谈，不会列入访谈目录。" in page.text
    assert httpx.get(f"{server.url}{report['archived']}transcript.json").json()["entries"] != []
    assert shell(server, _ACTIVE) == "0"


def test_a_mix_of_all_that_may_come_is_rehearsed_and_all_sums_agree(server: Server):
    report = json.loads(server.manage("rehearse", "--url", server.url, "--mix", "25", "--speed", "0", "--readers", "2", "--json"))
    assert (report["wrong"], report["receipts"], sum(report["states"].values())) == ([], 25, 25)
    assert report["questions_masked"] > 0


def test_a_question_that_was_refused_is_a_rehearsal_that_failed(server: Server, tmp_path: Path):
    path = written(tmp_path, REMARK, QUESTION.replace("湖滨老李", "主持人"), DECLINED, WAITING)
    said, complaint = refused(server, "--url", server.url, "--script", str(path), "--speed", "0", "--readers", "1")
    wrong = [line.removeprefix("WRONG  ") for line in said.splitlines() if line.startswith("WRONG")]
    assert wrong[0].startswith("question 1: 422 invalid: ")
    assert "主持人" in wrong[0]
    assert wrong[1:] == ["questions stored: expected 3, got 2", "receipts: expected 3, got 2"]
    # The log has told already, line by line, while it was played.
    assert complaint.splitlines()[-1].startswith(f"CommandError: 3 things do not agree. The rehearsal stays at {server.url}/interviews/")
    assert shell(server, _ACTIVE) == "0"


def test_a_server_of_other_people_is_told_apart(server: Server, own_server: Server, tmp_path: Path):
    # The right data, the wrong address: nobody of this cast can sign in there.
    path = written(tmp_path, REMARK)
    said, complaint = refused(server, "--url", own_server.url, "--script", str(path), "--speed", "0", "--readers", "0")
    assert (said, complaint.startswith("CommandError: Broken off: Turned ")) == ("", True)
    assert complaint.endswith("Does the server run, and on the database of this command?\n")
    assert shell(server, _ACTIVE) == "0"


def test_more_readers_than_one_address_may_be_are_told_the_limit(server: Server, tmp_path: Path):
    path = written(tmp_path, REMARK)
    said, complaint = refused(server, "--url", server.url, "--script", str(path), "--readers", str(settings.CONNECTIONS_PER_ADDRESS + 1))
    assert said == ""
    assert complaint.startswith(f"CommandError: Broken off: ConnectionRefusedError {settings.CONNECTIONS_PER_ADDRESS} of ")
    assert "one address may have CONNECTIONS_PER_ADDRESS sockets" in complaint
    assert shell(server, _ACTIVE) == "0"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1", "http://[", "ftp://127.0.0.1"])
def test_without_a_server_it_says_what_to_start(url: str):
    with pytest.raises(CommandError) as complaint:
        call_command("rehearse", url=url)
    assert str(complaint.value).startswith(f"No server that is ready at {url} (")
    assert str(complaint.value).endswith("Start one with ./run, or name it with --url.")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.toml", "no script", "^a.toml: "),
        ("a.toml", 'title = "x"', "^a.toml: Object missing required field"),
        ("a.jsonl", '{"text": "x"}\n{"text": "y"}\n{"text', "^a.jsonl: line 3: expected a JSON object"),
        ("a.jsonl", "", "^a.jsonl: expected at least one message, got none$"),
    ],
)
def test_what_is_no_script_is_refused_before_anything_is_made(server: Server, tmp_path: Path, name: str, content: str, complaint: str):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=complaint):
        call_command("rehearse", "--url", server.url, "--script" if name == "a.toml" else "--messages", str(tmp_path / name))


def test_a_file_that_is_not_there_is_named(server: Server, tmp_path: Path):
    with pytest.raises(CommandError, match=r"No such file or directory: .*missing\.toml"):
        call_command("rehearse", "--url", server.url, "--script", str(tmp_path / "missing.toml"))


@pytest.mark.parametrize("words", [["--speed", "-1"], ["--readers", "-1"], ["--mix", "0"]])
def test_numbers_below_nothing_are_refused(words: list[str]):
    with pytest.raises(CommandError, match=r"^Expected --speed and --readers to be 0 or more, and --mix to be 1 or more\.$"):
        call_command("rehearse", "--url", "http://127.0.0.1", *words)


@pytest.mark.parametrize("other", [["--demo"], ["--script", "a.toml"]], ids=["demo", "script"])
def test_a_mix_is_by_itself_or_of_messages(other: list[str]):
    with pytest.raises(CommandError, match=r"^Expected --mix by itself or with --messages\.$"):
        call_command("rehearse", "--url", "http://127.0.0.1", "--mix", "5", *other)


def test_script_messages_and_demo_exclude_each_other():
    with pytest.raises(CommandError, match="not allowed with argument"):
        call_command("rehearse", "--url", "http://127.0.0.1", "--demo", "--messages", str(EXAMPLES))
