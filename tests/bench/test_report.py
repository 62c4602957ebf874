"""What several rounds and runs have measured is summed up by the middle, and held against the aims."""

import pytest

from bench.fanout import report
from bench.polling import report as polling


def round_of(per_cpu_second, p50):
    return {"saturation": {"per_cpu_second": per_cpu_second}, "steady": {"50": {"p50": p50}}}


def test_rounds_of_several_runs_count_alike():
    runs = [{"limit": [round_of(1, 1.0)], "node_ws": [round_of(10, 1.0)]}, {"limit": [round_of(3, 2.0), round_of(2, 3.0)]}]
    found = report.merged(runs)
    assert {name: len(rounds) for name, rounds in found.items()} == {"limit": 3, "node_ws": 1}
    assert report.middle(found, "limit", "saturation", "per_cpu_second") == 2
    assert report.middle(found, "limit", "steady", "50", "p50") == 2
    assert report.middle(found, "limit", "herd", "seconds") is None


def grown(few, many):
    return {"crowds": {"500": {"cpu_us": few}, "10000": {"cpu_us": many}}}


def test_growth_with_the_crowd_is_told_alone_and_beyond_the_limits_own():
    found = report.merged([{"limit": [grown(8.0, 12.0)], "ours_daphne_express": [grown(10.0, 18.0)]}])
    slopes = report.slope(found, "ours_daphne_express"), report.slope(found, "limit")
    assert (slopes, round(report.beyond(*slopes), 3), report.beyond(None, 0.5)) == ((0.8, 0.5), 0.2, None)


def crowd(**other):
    return {"reaching_per_second": 1.0, "answers": {"tip 200": 5, "segment 200": 1}, "backwards": 0, "age_p99_ms": 3_000, **other}


def test_polling_is_held_against_its_aims():
    good = polling.aims({"readers": {"1": crowd(), "10000": crowd()}})
    bad = polling.aims(
        {"readers": {"1": crowd(), "10000": crowd(reaching_per_second=9.0, answers={"tip 502": 4}, backwards=2, age_p99_ms=9_000)}}
    )
    assert [(value, enough) for _text, value, enough in good] == [(1.0, True), (0, True), (0, True), (3_000, True)]
    assert [(value, enough) for _text, value, enough in bad] == [(9.0, False), (4, False), (2, False), (9_000, False)]


def measured(*, per_cpu_second, burst, p99=20.0, kib=24.0, clean=True):
    told = {"gaps": 0, "repeats": 0, "dropped": 0, "resets": 0, "errors": 0, "all": clean}
    return {
        "saturation": {**told, "per_cpu_second": per_cpu_second, "client_per_cpu_second": 200_000},
        "burst": {"per_second": burst, "per_cpu_second": burst, "reports": [told]},
        "steady": {
            readers: {**told, "p50": 2.0, "p99": wait, "cpu_percent": 30}
            for readers, wait in (("50", p99), ("1000", p99), ("10000", 300.0))
        },
        "crowds": {readers: {**told, "cpu_us": cost} for readers, cost in (("500", 10.0), ("10000", 11.0))},
        "herd": {"seconds": 20, "behind": 0, "catch_up_reads_per_50": 0.1},
        "kib_per_reader": kib,
        "sql_per_event": 2.9,
    }


def everybody(**best):
    return {
        "limit": [measured(per_cpu_second=100_000, burst=0)],
        "textbook": [measured(per_cpu_second=1_000, burst=900)],
        "node_ws": [measured(per_cpu_second=60_000, burst=60_000)],
        "socketio": [measured(per_cpu_second=50_000, burst=50_000)],
        "ours_daphne": [measured(per_cpu_second=12_000, burst=500_000)],
        "ours_uvicorn_express": [measured(**{"per_cpu_second": 65_000, "burst": 900_000} | best)],
    }


PROMISED = (
    *("limit", "textbook", "node_ws", "socketio", "ours_daphne", "ours_best", "ours_best_burst", "best_peer_burst"),
    *("p99_ms_1000", "node_ws_p99_ms_1000", "p99_ms_10000", "kib_per_reader", "sql_per_event"),
)


def test_the_summary_has_what_others_read_from_it_and_all_aims_are_met_or_not():
    figures = report.summary(everybody())
    assert [figures[name] for name in PROMISED] == [
        *(100_000, 1_000, 60_000, 50_000, 12_000, 65_000, 900_000, 60_000),
        *(20.0, 20.0, 300.0, 24.0, 2.9),
    ]
    assert [text for text, _value, enough in report.aims(figures) if not enough] == []
    worse = report.aims(report.summary(everybody(per_cpu_second=55_000, burst=200_000, p99=40.0, kib=27.0, clean=False)))
    assert [round(value, 2) for _text, value, enough in worse if not enough] == [0.55, 0.92, 7, 2.0, 27.0]


@pytest.mark.parametrize(("ours", "limits", "met"), [(0.1, 0.4, [True, True]), (0.5, 0.4, [False, True]), (0.5, 0.0, [False, False])])
def test_a_cost_that_grows_less_than_the_limits_own_is_no_fault(ours, limits, met):
    figures = {**report.summary(everybody()), "slope": ours, "limit_slope": limits}
    assert [enough for text, _value, enough in report.aims(figures) if "grow" in text] == met
