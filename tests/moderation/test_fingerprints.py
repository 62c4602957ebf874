"""Numbers in the database: who has most in common with a text, in one statement."""

import pytest

from moderation import fingerprints, shingles
from moderation.fingerprints import MOST, near, put
from moderation.models import Fingerprint, Indexed
from tests import scenes as make

pytestmark = pytest.mark.django_db
PRESSURE, HEATING, BUS = "城东片区晚高峰水压低六楼以上没有水", "老旧小区暖气不热维修电话打不通", "十二路公交车末班太早下夜班回不了家"


@pytest.fixture
def programme():
    return make.programme()


def indexed(programme, text):
    question = make.question(programme, text=text)
    return Indexed.objects.create(question=question, programme=programme, group=question, told=shingles.bare(text))


def shelved(programme, *texts):
    rows = [indexed(programme, text) for text in texts]
    put(rows)
    return [row.pk for row in rows]


def test_who_has_most_in_common_comes_first(programme):
    pressure, both, _bus = shelved(programme, PRESSURE, PRESSURE[:8] + HEATING, BUS)
    assert near(shingles.bare(PRESSURE)) == [pressure, both]


def test_the_beginning_of_a_text_finds_it(programme):
    _heating, pressure = shelved(programme, HEATING, PRESSURE)
    assert near(shingles.bare(PRESSURE[:8])) == [pressure]


def test_put_twice_it_stands_there_once(programme):
    row = indexed(programme, PRESSURE)
    put([row])
    before = set(Fingerprint.objects.values_list("number", "indexed"))
    put([row])
    assert set(Fingerprint.objects.values_list("number", "indexed")) == before
    assert 0 < len(before) <= MOST


def test_a_long_text_has_as_many_numbers_as_the_shelf_gives(programme):
    put([indexed(programme, "".join(chr(0x4E00 + place) for place in range(900)))])
    assert Fingerprint.objects.count() == MOST


def test_one_that_left_the_index_is_not_found(programme):
    row = indexed(programme, PRESSURE)
    put([row])
    row.delete()
    assert (near(row.told), Fingerprint.objects.count()) == ([], 0)


def test_of_a_number_that_stands_for_many_the_latest_are_looked_at(programme, monkeypatch):
    monkeypatch.setattr(fingerprints, "COMMON", 2)
    keys = shelved(programme, PRESSURE, PRESSURE, PRESSURE)
    assert near(shingles.bare(PRESSURE)) == [keys[2], keys[1]]


def test_a_rare_number_outweighs_common_ones(programme):
    rare, *_common = shelved(programme, PRESSURE, *[HEATING] * 5)
    assert near(shingles.bare(HEATING[:4] + PRESSURE[:6]))[0] == rare


@pytest.mark.parametrize("text", ["", "水", "水压"])
def test_what_is_too_short_finds_nobody(programme, text, django_assert_num_queries):
    shelved(programme, PRESSURE)
    with django_assert_num_queries(0):
        assert near(text) == []


def test_a_search_is_one_statement(programme, django_assert_num_queries):
    shelved(programme, *[PRESSURE] * 3)
    with django_assert_num_queries(1):
        near(shingles.bare(PRESSURE))
