"""What several rounds and runs have measured is summed up by the middle, and held against the aims."""

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
