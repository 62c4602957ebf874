"""T-44: the protocol to the letter, on both servers as we set them up."""

from collections import Counter

import pytest

from tests.faults.conformance import perform
from tests.faults.live import traceback_lines
from tests.faults.rfc6455 import cases
from tests.operations.servers.conftest import SERVERS, running

pytestmark = pytest.mark.fault("T-44")

# Above the largest message of the cases; what the site really takes is the business of T-41.
FRAME_BYTES = 1 << 20


@pytest.mark.parametrize("web", SERVERS)
def test_every_case_of_the_protocol(*, tmp_path, chance, verdict, web):
    order = cases()
    chance.shuffle(order)
    with running(web, tmp_path, FRAME_BYTES=str(FRAME_BYTES)) as site:
        found = {case.name: perform(site.port, case) for case in order}
        alive = site.process.poll() is None
        log = site.log.read_text().splitlines()
        faults = traceback_lines(site.log)
    failed = {name: what for name, what in found.items() if what not in {"", "lenient"}}
    print(*(f"{name}: {what}" for name, what in failed.items()), *log[:3], sep="\n")
    verdict(
        promise=f"RFC 6455, case by case ({web})",
        runs=1,
        events=len(found),
        violations={"failed": len(failed), "tracebacks": len(faults), "log lines": len(log), "dead": int(not alive)},
        lenient=sum(what == "lenient" for what in found.values()),
        sections=str(dict(sorted(Counter(case.section for case in order).items()))),
    )
