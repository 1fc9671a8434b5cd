"""The plan of a street day: the published numbers to the one, the same for the same seed, and as streets are."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guangyue.demo.city import demo_city
from guangyue.demo.simulators.day import CLEAR, RAIN
from guangyue.demo.simulators.streetday import MIX, OFFENCES, street_day

CITY = demo_city(residents=300)
DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(40)]


def day_of(weather):
    return next(d for d in DAYS if street_day(CITY, d, 1, matters=1, penalties=0).weather is weather)


def test_a_clear_day_has_the_published_numbers():
    plan = street_day(CITY, day_of(CLEAR), 1)
    assert len(plan.cases) == 885
    assert plan.counts["ends:penalty"] == 220
    assert all(abs(plan.counts[kind] - 885 * share) < 1 for kind, share in MIX.items())


def test_rain_brings_more_cars_and_the_same_share_of_penalties():
    plan = street_day(CITY, day_of(RAIN), 1)
    assert len(plan.cases) == 1106
    assert plan.counts["ends:penalty"] == 275


def test_the_same_seed_plans_the_same_day_and_another_another():
    day = DAYS[3]
    assert street_day(CITY, day, 5) == street_day(CITY, day, 5)
    assert street_day(CITY, day, 5).cases != street_day(CITY, day, 6).cases


def test_rush_hours_and_repeat_places_show():
    plan = street_day(CITY, day_of(CLEAR), 2)
    hours = Counter(c.at.hour for c in plan.cases)
    assert hours[8] > 4 * max(hours[3], 1)
    assert hours[17] > hours[13]
    places = Counter(c.parked.spot.name_zh for c in plan.cases)
    assert places.most_common(1)[0][1] > 2 * len(plan.cases) / len(CITY.spots)
    again = Counter(c.parked.owner.number for c in plan.cases)
    assert again.most_common(1)[0][1] > 1, "somebody is found twice"


@settings(max_examples=30, deadline=None)
@given(matters=st.integers(0, 300), share=st.floats(0, 0.8), seed=st.integers(0, 99))
def test_however_many_they_add_up(matters, share, seed):
    fined = int(matters * share)
    plan = street_day(CITY, DAYS[0], seed, matters=matters, penalties=fined)
    assert (len(plan.cases), plan.counts["ends:penalty"]) == (matters, fined)
    assert [c.at for c in plan.cases] == sorted(c.at for c in plan.cases)
    for case in plan.cases:
        assert case.at.date() == plan.day
        assert OFFENCES[case.kind].fine or case.ends != "penalty"


def test_more_penalties_than_matters_are_no_day():
    with pytest.raises(ValueError, match="11 penalties of 10 matters"):
        street_day(CITY, DAYS[0], 1, matters=10, penalties=11)
