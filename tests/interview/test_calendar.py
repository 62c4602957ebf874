from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from interview import calendar
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db
URL = "https://www.hubin.example/interviews/1/"


def event_of(programme):
    (event,) = Calendar.from_ical(calendar.write(programme, url=URL)).walk("VEVENT")
    return event


def test_the_file_tells_what_when_and_where_to_read():
    programme = make.programme(title="总经理谈供水；水质，水压", planned_start=datetime(2026, 11, 27, 1, 0, tzinfo=UTC), planned_minutes=90)
    event = event_of(programme)
    assert event["SUMMARY"] == "在线访谈：总经理谈供水；水质，水压"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        datetime(2026, 11, 27, 1, 0, tzinfo=UTC),
        datetime(2026, 11, 27, 2, 30, tzinfo=UTC),
    )
    assert event["URL"] == URL
    assert event["DESCRIPTION"].split("\n") == [programme.topic, programme.unit.name, URL]


def test_the_same_programme_at_another_time_is_the_same_event():
    programme = make.programme()
    before = event_of(programme)["UID"]
    programme.planned_start = datetime(2027, 1, 1, tzinfo=UTC)
    assert event_of(programme)["UID"] == before


@pytest.mark.parametrize(
    ("state", "status"),
    [(ProgrammeState.ANNOUNCED, "CONFIRMED"), (ProgrammeState.POSTPONED, "TENTATIVE"), (ProgrammeState.CANCELLED, "CANCELLED")],
)
def test_a_calendar_learns_that_a_programme_is_put_off_or_called_off(state, status):
    assert event_of(make.programme(state=state))["STATUS"] == status


def test_words_in_a_title_cannot_add_lines_to_the_file():
    event = event_of(make.programme(title="标题\r\nATTENDEE:mailto:x@example.com"))
    assert "ATTENDEE" not in event
