"""What an audience takes is reckoned as one would by hand."""

import dataclasses

import pytest

from bench.capacity.figures import Figures, found
from bench.capacity.model import Audience, Site, back, bottleneck, gbit, loads, needs, reached

FIGURES = Figures(
    machine="a core",
    server="ours_daphne_express",
    deliveries=60_000,
    deliveries_crowded=50_000,
    burst_deliveries=500_000,
    handshakes=1_000,
    kib_per_reader=20,
    own_kib=100 * 1024,
    p99_ms_1000=30,
    p99_ms_10000=300,
    sql_per_event=3,
    pages=40,
    page_bytes=10_000,
    site_tips=100,
    cache_tips=20_000,
    cache_known=40_000,
    tip_bytes=20_000,
    known_bytes=400,
)


def test_a_city_fits_one_process():
    it = needs(Audience(name="city", readers=10_000, events=0.5, opening=1_000), FIGURES)
    assert dataclasses.asdict(it) == {
        "sockets": 10_000,
        "deliveries": 5_000,
        "processes": 1,
        "delivery_cores": 0.1,
        "page_cores": 0.25,
        "tip_cores": 0.0,
        "memory": pytest.approx((100 * 1024 + 200_000) / 1024**2),
        "line": pytest.approx((5_000 * 778 + 10 * 10_000) * 8 / 1e9),
        "statements": pytest.approx(0.5 * 3 + 1 / 1.5),
        "connections": 10,
        "messages": pytest.approx(0.5 + 0.2),
        "requests": 0,
        "reaching": 0,
        "cache_cores": 0,
        "cache_line": 0,
        "back_seconds": 16,
    }
    assert (it.cores, it.hit_rate) == (0.35, 1.0)


def test_the_number_of_processes_is_decided_by_sockets_or_by_work():
    idle = needs(Audience(name="idle", readers=100_000, events=0.0, opening=1e9), FIGURES)
    busy = needs(Audience(name="busy", readers=100_000, events=5.0, opening=1e9), FIGURES)
    assert (idle.processes, busy.processes) == (5, 21)


def test_a_full_process_lets_its_readers_back_as_fast_as_it_shakes_hands():
    full = needs(Audience(name="full", readers=20_000, events=0.0, opening=1e9), FIGURES)
    assert full.back_seconds == 20


@pytest.mark.parametrize(("readers", "seconds"), [(1_000, 10.0), (2_700, 15.0), (9_000, 16.0), (20_000, 20.0)])
def test_readers_are_back_in_their_turns_unless_too_many_come(readers, seconds):
    assert back(readers, 1_000.0) == seconds


def test_caches_let_through_one_request_a_second_each():
    one = Audience(name="one", readers=1, polling=1.0, every=2.0)
    many = Audience(name="many", readers=5_000_000, polling=1.0, every=10.0, caches=50)
    assert (reached(one), reached(many)) == (pytest.approx(1 / 3), pytest.approx(50, rel=1e-3))
    assert needs(many, FIGURES).hit_rate == pytest.approx(1 - 50 / 500_000, rel=1e-6)


def test_what_polls_takes_nothing_of_the_site_but_what_passes_the_caches():
    it = needs(Audience(name="polling", readers=1_000_000, polling=1.0, every=10.0, events=0.5, opening=1_000, caches=10), FIGURES)
    assert (it.sockets, it.deliveries, it.page_cores) == (0, 0, 0)
    assert it.tip_cores == pytest.approx(0.1, rel=1e-3)
    assert it.line == pytest.approx(gbit(10 * 20_000), rel=1e-3)
    # Of ten seconds with an event every two, one in 148 has none.
    assert it.cache_line == pytest.approx(gbit(100_000 * (20_000 * 0.99326 + 400 * 0.00674) + 1_000 * 10_000), rel=1e-4)


def test_the_bottleneck_is_what_is_used_most():
    it = needs(Audience(name="city", readers=10_000, events=0.5, opening=1_000), FIGURES)
    site = Site(cores=1, memory=1, line=0.04)
    assert loads(it, site)["the line"] == pytest.approx(0.798)
    assert bottleneck(it, site) == ("the line", pytest.approx(0.798))


def test_a_figure_that_was_not_measured_is_missed_by_name():
    fanout = {
        "machine": "a core",
        "ours_best_is": "ours_daphne_express",
        "ours_best": 60_000,
        "cpu_us_10000": None,
        "burst_per_cpu_second": None,
        "handshakes_per_cpu_second": 1_000,
        **dict.fromkeys(("kib_per_reader", "own_kib", "p99_ms_1000", "sql_per_event"), 1),
        "p99_ms_10000": None,
    }
    rush = {"per_cpu_second": 10, "bytes_each": 100}
    polling = {"rushes": dict.fromkeys(("site_page", "site_tip", "cache_tip", "cache_tip_known"), rush)}
    with pytest.raises(ValueError, match=r"these were not: burst_deliveries$"):
        found(fanout, polling)
    known = found({**fanout, "burst_per_cpu_second": 500_000}, polling)
    assert (known.deliveries_crowded, known.reckoned, known.pages, known.known_bytes) == (None, 60_000, 10, 100)
