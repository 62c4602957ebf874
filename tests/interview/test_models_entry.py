from interview.models import Entry


def test_equals_keep_a_question_above_its_answer_whichever_way_a_list_is_sorted():
    rows = [
        Entry(position=1, kind="notice"),
        Entry(position=2, kind="question"),
        Entry(position=3, kind="answer"),
        Entry(position=4, kind="remark"),
    ]
    oldest = sorted(rows, key=lambda entry: entry.order)
    newest = sorted(rows, key=lambda entry: entry.order, reverse=True)
    assert [[entry.position for entry in way] for way in (oldest, newest)] == [[1, 2, 3, 4], [4, 2, 3, 1]]


def test_order_is_compared_as_text():
    assert Entry(position=9, kind="remark").order < Entry(position=10, kind="remark").order


def test_every_kind_has_its_partial():
    assert [Entry(kind=kind).partial for kind in Entry.Kind.values] == [f"interview/entries/{kind}.html" for kind in Entry.Kind.values]
