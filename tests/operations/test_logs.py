import logging
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.logs import SELDOM_SECONDS, LineFormatter, Seldom, escape, is_trouble, lowered


def record(message, *arguments, exc_info=None):
    made = logging.LogRecord("interview.questions", logging.WARNING, __file__, 1, message, arguments, exc_info)
    made.created = 1279090800.25
    return made


def test_a_record_is_one_line_that_begins_with_time_level_and_place():
    line = LineFormatter().format(record("question %d of %s", 17, "访谈"))
    assert line == "2010-07-14T07:00:00.250Z WARNING interview.questions: question 17 of 访谈"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\nb", "a\\nb"),
        ("a\r\nb", "a\\r\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x85\u2028\u2029", "\\x85\\u2028\\u2029"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("back\\slash", "back\\\\slash"),
        ("中文，照旧。", "中文，照旧。"),
    ],
)
def test_what_would_break_or_turn_a_line_is_written_out(text, written):
    assert escape(text) == written


@given(st.text())
def test_nothing_that_is_logged_makes_a_second_line(text):
    line = LineFormatter().format(record("%s", text))
    assert len(line.splitlines()) == 1
    assert [character for character in line if unicodedata.category(character) == "Cc"] == []


def fail():
    raise ValueError("first\nsecond")


def test_a_traceback_stays_on_the_line():
    try:
        fail()
    except ValueError:
        line = LineFormatter().format(record("failed", exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "failed\\nTraceback (most recent call last):\\n" in line
    assert line.endswith("ValueError: first\\nsecond")


@pytest.mark.parametrize(
    ("path", "status", "told"), [("/healthz", 503, False), ("/healthz", 500, True), ("/", 503, True), ("/healthz", 404, True)]
)
def test_a_service_that_is_not_ready_yet_is_no_error(rf, path, status, told):
    logged = record("Service Unavailable: %s", path)
    logged.request, logged.status_code = rf.get(path), status
    assert is_trouble(logged) is told


def test_what_is_not_about_a_request_is_told():
    assert is_trouble(record("anything"))


def test_a_refused_request_is_a_warning_without_its_traceback():
    try:
        fail()
    except ValueError:
        refused = record("Invalid HTTP_HOST header", exc_info=sys.exc_info())
    refused.levelno, refused.levelname = logging.ERROR, "ERROR"
    assert lowered(refused)
    assert LineFormatter().format(refused) == "2010-07-14T07:00:00.250Z WARNING interview.questions: Invalid HTTP_HOST header"


def test_what_is_said_with_every_try_is_let_through_once_a_minute_and_other_words_at_once(monkeypatch):
    now = [7.0]
    monkeypatch.setattr("operations.logs.time.monotonic", lambda: now[0])
    seldom = Seldom()
    assert [seldom.filter(record("%s is away", name)) for name in ("Redis", "Redis", "Valkey")] == [True, False, False]
    assert seldom.filter(record("it is back"))
    now[0] += SELDOM_SECONDS
    assert [seldom.filter(record("%s is away", "Redis")) for _ in range(2)] == [True, False]
