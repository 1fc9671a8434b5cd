"""Everybody at once on one matter, in schedules that a seed makes: see ``tests/faults/world/races.py``.

200 schedules in the short tests, a thousand in the long ones; ``GUANGYUE_SCHEDULES`` for more or fewer.
"""

from __future__ import annotations

import os
import sys
from functools import partial

import pytest
from tests.faults.world.playing import played

pytestmark = pytest.mark.database
SCHEDULES = int(os.environ.get("GUANGYUE_SCHEDULES", "1000"))


race = partial(played, "tests.faults.world.races")


@pytest.mark.parametrize("schedules", [200, pytest.param(SCHEDULES, marks=pytest.mark.long)])
def test_no_schedule_breaks_a_promise(city_database, schedules):
    """0 of n: at 95 % the true share of such schedules that fail is under 3/n."""
    found, said = race(city_database, f"0-{schedules - 1}")
    sys.stdout.write(f"{found['sound']} of {found['schedules']} schedules sound: {found}\n")
    assert (found["sound"], found["failed"]) == (schedules, []), said
    assert found["blocked"] > schedules / 10, "people did wait for each other"


def test_without_keys_five_copies_of_a_command_are_found_to_act_five_times(city_database):
    found, said = race(city_database, "0-17", "--plant", "no-keys")
    assert found["failed"], found
    assert "same_command_five_times" in said
