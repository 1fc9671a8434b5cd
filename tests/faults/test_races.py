"""Everybody at once on one matter, in schedules that a seed makes: see ``tests/faults/world/races.py``.

200 schedules in the short tests, a thousand in the long ones; ``GUANGYUE_SCHEDULES`` for more or fewer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.database
ROOT = Path(__file__).parents[2]
SCHEDULES = int(os.environ.get("GUANGYUE_SCHEDULES", "1000"))


def race(database, seeds: str, *more: str) -> tuple[dict, str]:
    environment = database.environment() | {
        "GUANGYUE_TEST_ROOT": database.superuser, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.world.races", seeds, *more],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines, done.stderr[-3000:]
    return json.loads(lines[-1]), f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


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
