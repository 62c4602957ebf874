"""The questions of a programme in memory: what came since is read, what is rolled back is not kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from moderation import pairs, shingles
from moderation.models import Indexed
from moderation.pairs import KEPT, MOST, keep_up, near
from tests import scenes as make

PRESSURE, HEATING, BUS = "城东片区晚高峰水压低六楼以上没有水", "老旧小区暖气不热维修电话打不通", "十二路公交车末班太早下夜班回不了家"


def indexed(programme, text):
    question = make.question(programme, text=text)
    return Indexed.objects.create(question=question, programme=programme, group=question, told=shingles.bare(text)).pk


def found(programme, text):
    return near(programme, shingles.bare(text))


@pytest.mark.django_db
def test_who_has_most_in_common_comes_first_in_any_order_of_the_words():
    programme = make.programme()
    pressure, both, _bus = [indexed(programme, text) for text in (PRESSURE, PRESSURE[:8] + HEATING, BUS)]
    assert found(programme, "六楼以上没有水，城东片区晚高峰水压低") == [pressure, both]


@pytest.mark.django_db
def test_a_programme_knows_nothing_of_another():
    programme, other = make.programme(), make.programme()
    indexed(other, PRESSURE)
    mine = indexed(programme, PRESSURE)
    assert found(programme, PRESSURE) == [mine]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "水"])
def test_what_is_too_short_finds_nobody(text, django_assert_num_queries):
    programme = make.programme()
    indexed(programme, PRESSURE)
    with django_assert_num_queries(0):
        assert near(programme, text) == []


@pytest.mark.django_db
def test_a_long_text_keeps_so_many_of_its_pairs():
    programme = make.programme()
    indexed(programme, "".join(chr(0x4E00 + place) for place in range(900)))
    assert len(pairs._read_on(pairs._Shelf(), programme).holders) == MOST


@pytest.mark.django_db(transaction=True)
def test_what_came_since_is_read_once_by_whoever_searches_and_by_whoever_keeps_up(django_assert_num_queries):
    programme = make.programme()
    first = indexed(programme, PRESSURE)
    with django_assert_num_queries(1):
        assert found(programme, PRESSURE) == [first]
    second = indexed(programme, PRESSURE)
    keep_up(programme)
    shelf = pairs._shelf_of(programme.pk)
    assert (shelf.last, {key for holders in shelf.holders.values() for key in holders}) == (second, {first, second})
    assert found(programme, PRESSURE) == [second, first]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_found_meanwhile_and_forgotten():
    programme = make.programme()
    first = indexed(programme, PRESSURE)
    with transaction.atomic():
        second = indexed(programme, PRESSURE)
        assert found(programme, PRESSURE) == [second, first]
        transaction.set_rollback(True)
    assert found(programme, PRESSURE) == [first]
    # On SQLite it may have the key of the one that was rolled back.
    other = indexed(programme, HEATING)
    assert (found(programme, HEATING), found(programme, PRESSURE)) == ([other], [first])


@pytest.mark.django_db(transaction=True)
def test_many_who_search_at_once_find_each_question_once():
    programme = make.programme()
    keys = [indexed(programme, PRESSURE) for _ in range(20)]

    def search(_place):
        try:
            return found(programme, PRESSURE)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search, range(16))) == [keys[::-1]] * 16
    assert [len(holders) for holders in pairs._shelf_of(programme.pk).holders.values()] == [20] * len(
        shingles.numbers(shingles.bare(PRESSURE), size=2)
    )


@pytest.mark.django_db
def test_the_programmes_nobody_asks_about_are_let_go():
    first, *others = [make.programme() for _ in range(KEPT + 1)]
    shelf = pairs._shelf_of(first.pk)
    for programme in others:
        found(programme, PRESSURE)
    assert (len(pairs._shelves), pairs._shelf_of(first.pk) is shelf) == (KEPT, False)
