"""Kill -9 anywhere: see ``bench/records_kill.py`` for what the storm does."""

from __future__ import annotations

import pytest
from bench.records_kill import storm

pytestmark = pytest.mark.database


def survived(toll):
    assert (toll.lost, toll.doubled) == (0, 0), toll
    assert toll.sound, toll
    assert toll.acknowledged > toll.kills, toll


def test_ten_kills_lose_and_double_nothing(city_database):
    survived(storm(city_database.superuser, kills=10))


@pytest.mark.long
def test_a_hundred_kills_lose_and_double_nothing(city_database):
    survived(storm(city_database.superuser, kills=100, seed=2))
