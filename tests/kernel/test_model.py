"""The kernel against a second opinion: no illegal transition, no lost matter, every violated rule told."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kernel.walk import ALL, walk

from guangyue.desks.streets.procedures.parking import PARKING


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_random_steps_agree_with_the_model(seed):
    tally = walk(seed, 120)
    assert tally.violations == []


@pytest.mark.parametrize("procedure", [*ALL, PARKING], ids=lambda p: p.code)
def test_each_procedure_by_itself(procedure):
    family = tuple(p for p in ALL if p.code != procedure.code)
    tally = walk(7, 150, (procedure, *family))
    assert tally.violations == []


def test_a_long_walk_sees_every_kind_of_entry():
    tally = walk(1, 2_500)
    assert tally.violations == []
    assert tally.decided > 300
    assert tally.refused > 300
    assert {"act", "lapse", "alarm", "told", "reinstated"} <= tally.entries.keys(), tally.entries


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_twenty_thousand_steps(seed):
    tally = walk(1_000 + seed, 2_000)
    assert tally.violations == []
