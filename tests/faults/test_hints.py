"""T-11: the bell between processes may lose, double, reorder and delay every hint; it costs a delay, never an event."""

import pytest

from tests.faults.live import interview, of_share
from tests.faults.readers import Crowd, Temper

pytestmark = pytest.mark.fault("T-11")

SOMEWHAT_RESTLESS = Temper(cut_every=30.0, asleep=0.2, forgetful=0.1)
HEAD_SECONDS = 10.0  # from the last event until everybody has it
LATENCY_MS = 2500  # the tail poll looks every one and a half seconds


@pytest.mark.parametrize("loss", [0.9, 1.0])
async def test_hints_may_be_lost(*, tmp_path, seconds, chance, postgres, valkey, verdict, loss):
    readers = of_share(200)
    async with (
        interview(
            tmp_path,
            chance,
            database=postgres.url,
            redis=valkey.url,
            settings="tests.faults.lossy_settings",
            extra={"FAULT_LOSS": str(loss)},
        ) as (server, author),
        Crowd(server.ports, author.topic, count=readers, seed=chance.random(), temper=SOMEWHAT_RESTLESS) as crowd,
    ):
        await author.write_for(seconds, per_second=2, burst=3)
        crowd.calm()
        took = await crowd.reach(author.number)
    verdict(
        promise=f"{loss:.0%} of the hints between processes lost, the rest in disorder",
        runs=1,
        events=crowd.delivered,
        violations=crowd.lost(author),
        aims={"seconds_to_head": (round(took, 1), HEAD_SECONDS), "p99_ms": (crowd.latency(0.99), LATENCY_MS)},
        readers=readers,
        published=author.number,
        p50_ms=crowd.latency(0.5),
        longest_ms=crowd.latency(1.0),
    )
