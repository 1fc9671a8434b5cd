"""Kill -9 of anything, through the real HTTP API: see ``bench/faults_kill.py`` for the storm and ``faults_checks.py`` for what is counted.

``GUANGYUE_KILLS`` says how many for `make soak`, ``GUANGYUE_SEED`` repeats a storm.
"""

from __future__ import annotations

import os
import sys

import pytest
from bench.faults_kill import kills_wanted, storm

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's"),
]
SEED = int(os.environ.get("GUANGYUE_SEED", "1"))


def survived(toll):
    print(toll.summary())  # noqa: T201 - numerator, denominator, seed and bound
    found = toll.findings
    for what in ("lost", "doubled", "half", "receivers", "bytes"):
        assert getattr(found, what) == [], f"{what}: GUANGYUE_SEED={toll.seed} repeats it"
    assert found.journal
    assert not toll.broken, toll.broken
    assert found.acknowledged > toll.kills, toll.summary()
    assert found.evidence > toll.kills, toll.summary()
    assert found.unknown <= toll.kills, "a message is left unanswered only where something was killed"


def test_ten_kills_lose_double_and_halve_nothing():
    survived(storm(kills=10, seed=SEED))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_a_hundred_kills_or_as_many_as_asked_for():
    survived(storm(kills=kills_wanted(100), seed=SEED + 1))
