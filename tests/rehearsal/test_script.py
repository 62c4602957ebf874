from collections import Counter
from pathlib import Path

import pytest

from interview.text import INTAKE_LIMIT
from rehearsal import city, script
from rehearsal.script import ANSWER_AFTER, MESSAGE_EVERY, Asked, BadScript, Said
from tests.rehearsal.scripts import HEAD, QUESTION, REMARK, written


def message(number: int) -> str:
    return f'{{"text": "第{number}问", "nick": "网友{number}", "reply": "第{number}答", "title": "不用", "asked_at": ""}}'


def test_a_script_is_read_with_its_turns_in_the_order_of_the_file(tmp_path: Path):
    played = script.read(written(tmp_path, REMARK, QUESTION))
    assert played.asked == [
        Asked(
            at=-60,
            text="水压什么时候恢复？",
            decision="approve",
            nickname="湖滨老李",
            answer_at=30,
            answer_by="director",
            answer="今晚八点。",
        )
    ]
    assert played.said == [Said(at=0, by="host", text="各位网友好。")]
    assert played.turns == [*played.said, *played.asked]
    assert [played.stenographer.name, *(person.name for person in played.moderators)] == ["速录员", "审核员"]


def test_every_script_of_the_demonstration_can_be_read():
    paths = [city.DEMO / "live.toml", city.DEMO / "coming.toml", *sorted((city.DEMO / "past").glob("*.toml"))]
    assert len(paths) == 12
    assert [path.name for path in paths if not script.read(path).asked] == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[host]", "[host"), r"Expected ']'"),
        (("minutes = 60", "minuets = 60"), "Object contains unknown field `minuets`"),
        (("minutes = 60", "minutes = 121"), r"Expected `int` <= 120 - at `\$.minutes`"),
        (('title = "供水"', ""), "Object missing required field `title`"),
        (("供水", "水" * 121), r"Expected `str` of length <= 120 - at `\$.title`"),
        (("[[guests]]", "moderators = []\n[[guests]]"), "Object contains unknown field `moderators`"),
        (('title = "供水"', 'title = "供水"\nmoderators = []'), r"Expected `array` of length >= 1 - at `\$.moderators`"),
        (('key = "director"', 'key = "host"'), "expected every guest to have a key of their own, other than host, got 'host' twice"),
        (('by = "host"', 'by = "nobody"'), r"turn 1: expected by = host or one of \['director'\], got 'nobody'"),
        (("at = 0", "at = nan"), r"Expected `float` >= -15552000.0 - at `\$.turns\[0\].at`"),
        (('"remark"', '"song"'), "Invalid value 'song'"),
        (('"approve"', '"perhaps"'), "turn 2: expected decision = approve, decline or wait, got 'perhaps'"),
        (('"approve"', '"decline"\nreason = "dull"'), r"turn 2: expected reason to be one of \['off_topic', .*\], got 'dull'"),
        (('"approve"', '"decline"\nreason = "legal"'), "turn 2: expected no answer to a question that has decision = decline"),
        (('"approve"', '"wait"'), "turn 2: expected no answer to a question that has decision = wait"),
        (('answer_by = "director"', 'answer_by = "host"'), r"turn 2: expected an answer by one of \['director'\], not before the question"),
        (("answer_at = 30", "answer_at = -61"), r"turn 2: expected an answer by one of \['director'\], not before the question"),
        (('answer = "今晚八点。"', ""), r"turn 2: expected an answer by one of \['director'\], not before the question"),
    ],
)
def test_what_is_no_script_is_refused_with_the_place(tmp_path: Path, change: tuple[str, str], complaint: str):
    path = written(tmp_path, REMARK, QUESTION)
    path.write_text(path.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(BadScript, match=rf"^script\.toml: .*{complaint}"):
        script.read(path)


def test_a_script_in_another_encoding_is_refused(tmp_path: Path):
    path = tmp_path / "script.toml"
    path.write_bytes(HEAD.encode("gb18030"))
    with pytest.raises(BadScript, match=r"^script\.toml: .*utf-8"):
        script.read(path)


def test_messages_become_questions_declined_left_and_answered(tmp_path: Path):
    path = tmp_path / "letters.jsonl"
    path.write_text("\ufeff" + "\n".join(map(message, range(1, 64))) + "\n\n", encoding="utf-8")
    played = script.from_messages(path)
    assert (played.title, [guest.key for guest in played.guests]) == ("演练：letters", ["guest"])
    assert Counter((one.decision, one.reason, one.answer_at is not None) for one in played.asked) == {
        ("decline", "off_topic", False): 7,
        # Of nine times seven, one is declined already.
        ("approve", "", False): 8,
        ("approve", "", True): 48,
    }
    assert played.asked[0] == Asked(
        at=MESSAGE_EVERY,
        text="第1问",
        decision="approve",
        nickname="网友1",
        answer_at=MESSAGE_EVERY + ANSWER_AFTER,
        answer_by="guest",
        answer="第1答",
    )


@pytest.mark.parametrize(
    "line", ['{"text": "水压", "nick": null, "reply": null}', '{"text": "水压"}', '{"text": "水压", "reply": " \\u200b "}']
)
def test_a_message_without_nickname_and_reply_is_anonymous_and_left(tmp_path: Path, line: str):
    path = tmp_path / "letters.jsonl"
    path.write_text(line, encoding="utf-8")
    assert script.from_messages(path).asked == [Asked(at=MESSAGE_EVERY, text="水压", decision="approve")]


def test_a_long_nickname_is_cut_to_what_the_form_takes(tmp_path: Path):
    path = tmp_path / "letters.jsonl"
    path.write_text(f'{{"text": "水压", "nick": "{"湖" * 30}"}}', encoding="utf-8")
    assert script.from_messages(path).asked[0].nickname == "湖" * 20


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b'{"text": "broken', "expected a JSON object with text, nick and reply, got: Input data was truncated"),
        (b'["text"]', "expected a JSON object with text, nick and reply, got: Expected `object`, got `array`"),
        (b'{"reply": "x"}', "got: Object missing required field `text`"),
        (b'{"text": 7}', "got: Expected `str`, got `int`"),
        ('{"text": "湖滨"}'.encode("gb18030"), "got: .*utf-8"),
        (f'{{"text": "{"x" * (INTAKE_LIMIT + 1)}"}}'.encode(), f"got: {INTAKE_LIMIT + 1} characters"),
        (b'{"text": " \\u200b "}', "expected a text, got none"),
    ],
)
def test_a_line_that_is_no_message_is_named(tmp_path: Path, line: bytes, complaint: str):
    path = tmp_path / "letters.jsonl"
    path.write_bytes(b"\n".join([message(1).encode(), b"", line, message(4).encode()]))
    with pytest.raises(BadScript, match=rf"^letters\.jsonl: line 3: .*{complaint}"):
        script.from_messages(path)


@pytest.mark.parametrize("content", ["", "\ufeff", "\n \n"])
def test_a_file_without_messages_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "letters.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadScript, match=r"^letters\.jsonl: expected at least one message, got none$"):
        script.from_messages(path)
