"""One line a minute says how many there were."""

import pytest

from realtime.complaints import EVERY, Complaints


def test_the_first_is_due_at_once_and_the_next_after_a_minute_with_all_between(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [5.0]
    monkeypatch.setattr("realtime.complaints.time.monotonic", lambda: now[0])
    complaints = Complaints()
    assert [complaints.due() for _ in range(4)] == [1, 0, 0, 0]
    now[0] += EVERY
    assert [complaints.due() for _ in range(2)] == [4, 0]
    now[0] += 10 * EVERY
    assert complaints.due() == 2
