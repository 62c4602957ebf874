"""What is under way is what was sent and not confirmed."""

from hypothesis import given
from hypothesis import strategies as some

from realtime.window import DEADLINE, LIMIT, Window


def due_after(window: Window, size: int) -> bool:
    window.sent(size)
    return window.beat_due


def test_a_window_is_full_at_its_limit_and_free_after_the_answer() -> None:
    window = Window()
    full = []
    window.sent(LIMIT - 1)
    full.append(window.full)
    window.sent(1)
    window.asked(1, now=0.0)
    full.append(window.full)
    window.confirmed(1)
    full.append(window.full)
    assert full == [False, True, False]


def test_what_was_sent_after_the_beat_stays_under_way() -> None:
    window = Window()
    window.asked(1, now=0.0)
    window.sent(LIMIT)
    window.confirmed(1)
    assert window.full


def test_an_answer_to_a_beat_that_was_not_asked_confirms_nothing() -> None:
    window = Window()
    window.sent(LIMIT)
    window.asked(1, now=0.0)
    assert not window.confirmed(2)
    assert window.full
    assert window.confirmed(1)
    assert not window.confirmed(1)


def test_a_later_answer_confirms_the_earlier_beats_too() -> None:
    window = Window()
    window.asked(1, now=0.0)
    window.asked(2, now=0.0)
    assert window.confirmed(2)
    assert not window.waiting


def test_half_a_window_since_the_last_beat_wants_another() -> None:
    window = Window()
    assert [due_after(window, LIMIT // 2 - 1), due_after(window, 1)] == [False, True]
    window.asked(1, now=0.0)
    assert [due_after(window, LIMIT // 2 - 1), due_after(window, 1)] == [False, True]


def test_the_oldest_beat_is_overdue_after_the_deadline() -> None:
    window = Window()
    assert not window.overdue(1e9)
    window.asked(1, now=5.0)
    window.asked(2, now=50.0)
    assert not window.overdue(5.0 + DEADLINE)
    assert window.overdue(5.1 + DEADLINE)


@given(some.lists(some.integers(0, LIMIT)), some.data())
def test_who_answers_every_beat_is_never_stuck(sizes: list[int], data: some.DataObject) -> None:
    window = Window()
    for beat, size in enumerate(sizes):
        if due_after(window, size) or data.draw(some.booleans()):
            window.asked(beat, now=0.0)
            window.confirmed(beat)
    assert not window.full


def test_while_nobody_listens_the_deadline_begins_anew_and_the_window_stays_as_full_as_it_was() -> None:
    window = Window()
    window.sent(LIMIT)
    window.asked(1, now=5.0)
    window.asked(2, now=50.0)
    window.excuse(now=100.0)
    assert [window.overdue(now) for now in (100.0 + DEADLINE, 100.1 + DEADLINE)] == [False, True]
    assert window.full
    assert window.confirmed(1)
    assert window.waiting
