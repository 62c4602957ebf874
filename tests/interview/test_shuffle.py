"""An order by chance: the same at every look, another one for everybody, and the same in the browser."""

from interview import shuffle


def test_the_seed_tells_nothing_and_is_the_same_at_every_look():
    assert [shuffle.seed("visitor", 7), shuffle.seed("visitor", 8)] == ["b30bc99f9cb21bbb", "3d1d815a3c888e9a"]


def test_everybody_has_an_order_of_their_own():
    elements = [f"waiting-{number}" for number in range(40)]
    orders = {tuple(sorted(elements, key=lambda element: shuffle.place(shuffle.seed(visitor), element))) for visitor in range(20)}
    assert (len(orders), tuple(elements) in orders) == (20, False)


def test_no_place_is_better_than_another():
    elements = [f"waiting-{number}" for number in range(10)]
    first = [min(elements, key=lambda element: shuffle.place(shuffle.seed(visitor), element)) for visitor in range(1_000)]
    # A hundred each by chance: 60 is four deviations away.
    assert all(60 <= first.count(element) <= 140 for element in elements)
