"""The law of fragments, in a real browser."""

import pytest

from interview import shuffle
from tests.realtime.client.other_end import OtherEnd, entry, page_of

pytestmark = pytest.mark.journey


def test_a_fragment_replaces_its_namesake(far: OtherEnd) -> None:
    far.open()
    assert far.apply(entry(2, "改过")) == {"inserted": [], "replaced": ["entry-2"], "removed": []}
    assert far.shown() == ["1", "改过", "3"]


def test_a_gone_fragment_removes_its_namesake_and_nothing_else(far: OtherEnd) -> None:
    far.open()
    assert far.apply('<li id="entry-2" data-gone></li><li id="entry-9" data-list="entries" data-gone></li>')["removed"] == ["entry-2"]
    assert far.shown() == ["1", "3"]


def test_a_new_fragment_goes_to_its_place(far: OtherEnd) -> None:
    far.body = page_of(entry(2) + entry(4))
    far.open()
    assert far.apply(entry(3) + entry(1) + entry(5))["inserted"] == ["entry-3", "entry-1", "entry-5"]
    assert far.shown() == ["1", "2", "3", "4", "5"]


def test_a_descending_list_is_filled_from_the_top(far: OtherEnd) -> None:
    far.body = page_of(entry(4) + entry(2)).replace("data-list-of", "data-descending data-list-of")
    far.open()
    far.apply(entry(3) + entry(1) + entry(5))
    assert far.shown() == ["5", "4", "3", "2", "1"]


def test_a_shuffled_list_is_filled_as_the_server_would_have_filled_it(far: OtherEnd) -> None:
    order = sorted(range(1, 10), key=lambda number: shuffle.place("5eed", f"entry-{number}"))
    far.body = page_of("".join(entry(number) for number in order if number < 6)).replace("data-list-of", 'data-shuffle="5eed" data-list-of')
    far.open()
    far.apply("".join(entry(number) for number in range(6, 10)))
    assert (far.shown(), order == sorted(order)) == ([str(number) for number in order], False)


def test_a_list_may_be_sorted_by_another_key(far: OtherEnd) -> None:
    def item(number: int, supports: str) -> str:
        return entry(number).replace("data-order=", f'data-order-supports="{supports}" data-order=')

    sorted_by = 'data-sorted-by="order-supports" data-descending data-list-of'
    far.body = page_of(item(1, "9") + item(2, "4")).replace("data-list-of", sorted_by)
    far.open()
    far.apply(item(3, "7") + item(4, "1"))
    assert far.shown() == ["1", "3", "2", "4"]


def test_fragments_without_a_place_are_ignored(far: OtherEnd) -> None:
    far.open()
    nowhere = '<li id="stranger">x</li><li data-list="entries" data-order="9">no id</li><li id="y" data-list="other">y</li>words'
    assert far.apply(nowhere) == {"inserted": [], "replaced": [], "removed": []}
    assert far.shown() == ["1", "2", "3"]


def test_a_script_in_a_fragment_does_not_run(far: OtherEnd) -> None:
    far.open()
    far.apply('<li id="entry-2"><script>window.ran = true</script></li>')
    assert far.page.evaluate("window.ran") is None


def test_applying_twice_is_applying_once(far: OtherEnd) -> None:
    far.open()
    far.apply(entry(4))
    far.apply(entry(4))
    assert far.shown() == ["1", "2", "3", "4"]


ROW = '<li id="entry-2" tabindex="-1">{0}</li>'
TO = '<button name="to" value="{0}">{0}</button>'


def test_a_focused_button_is_kept_only_for_a_button_of_its_value(far: OtherEnd) -> None:
    far.body = page_of(ROW.format(TO.format("one") + TO.format("two")))
    far.open()
    far.page.focus("[value=two]")
    far.apply(ROW.format(TO.format("three") + TO.format("two")))
    assert far.page.eval_on_selector_all("#entry-2 button", "all => all.map(one => one.textContent)") == ["three", "two"]
    assert far.page.evaluate("document.activeElement.value") == "two"


def test_what_had_the_focus_and_is_gone_leaves_it_to_its_fragment(far: OtherEnd) -> None:
    far.body = page_of(ROW.format(TO.format("one") + TO.format("two")))
    far.open()
    far.page.focus("[value=one]")
    far.apply(ROW.format(TO.format("two")))
    assert far.page.eval_on_selector_all("#entry-2 button", "all => all.map(one => one.textContent)") == ["two"]
    assert far.page.evaluate("document.activeElement.id") == "entry-2"
    far.apply(ROW.format(TO.format("three")))
    assert far.page.evaluate("document.activeElement.id") == "entry-2"


def test_replacement_leaves_the_control_that_is_being_typed_in(far: OtherEnd) -> None:
    form = '<li id="entry-2" class="{0}"><p>{0}</p><form><b>{0}</b><textarea id="words">{0}</textarea><i>{0}</i></form><p>{0}</p></li>'
    far.body = page_of(form.format("old"))
    far.open()
    page = far.page
    page.focus("#words")
    page.keyboard.press("Control+A")
    page.keyboard.type("半句")
    page.evaluate("document.querySelector('#words').addEventListener('blur', () => { window.left = true })")
    far.apply(form.format("new"))
    page.keyboard.type("话")
    assert page.input_value("#words") == "半句话"
    assert page.evaluate("window.left") is None
    assert page.get_attribute("#entry-2", "class") == "new"
    assert page.eval_on_selector_all("#entry-2 p, #entry-2 b, #entry-2 i", "all => all.map(one => one.textContent)") == ["new"] * 4
