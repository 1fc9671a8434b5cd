"""The tree of units and the roster."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.city.conftest import START

from guangyue.city.errors import CityError
from guangyue.city.models import Shift, Unit
from guangyue.city.roster import add_shift, cancel_shift, on_duty, swap_shift
from guangyue.city.units import above, add_unit, below, close_unit, move_unit

HOUR = timedelta(hours=1)


def codes(units) -> list[str]:
    return [u.code for u in units]


def test_below_and_above(city):
    assert codes(below(city.units["bureau"])) == ["bureau", "county", "station-1", "station-2"]
    assert codes(above(city.units["station-2"])) == ["bureau", "county", "station-2"]
    assert city.units["station-1"].depth == 2
    assert city.units["county"].holds(city.units["station-1"])
    assert not city.units["station-1"].holds(city.units["county"])
    assert not city.units["urban"].holds(city.units["station-1"])


def test_moving_takes_everything_below_along(city):
    town = add_unit(city.units["bureau"].agency, "town", "乡镇分局", level="county", parent=city.units["bureau"])
    assert move_unit(city.units["county"], town) == 3
    assert codes(below(town)) == ["town", "county", "station-1", "station-2"]
    assert codes(above(Unit.objects.get(code="station-1"))) == ["bureau", "town", "county", "station-1"]
    assert move_unit(Unit.objects.get(code="county"), None) == 3
    assert Unit.objects.get(code="county").depth == 0


@pytest.mark.parametrize(
    ("unit", "parent", "code"),
    [("bureau", "station-1", "unit.cycle"), ("county", "county", "unit.cycle"), ("county", "urban", "unit.agency")],
)
def test_moves_that_make_no_tree(city, unit, parent, code):
    with pytest.raises(CityError) as refused:
        move_unit(city.units[unit], city.units[parent])
    assert refused.value.code == code


def test_closed_units_take_nobody_and_close_from_the_leaves(city):
    with pytest.raises(CityError, match=r"unit\.open_below"):
        close_unit(city.units["county"], START)
    close_unit(city.units["station-1"], START)
    with pytest.raises(CityError, match=r"unit\.closed"):
        add_unit(city.units["bureau"].agency, "x", "x", level="station", parent=city.units["station-1"])


def test_the_tree_has_a_bottom(city):
    unit = city.units["station-1"]
    with pytest.raises(CityError, match=r"unit\.depth"):
        for n in range(20):
            unit = add_unit(unit.agency, f"deep-{n}", "x", level="station", parent=unit)
    assert unit.depth == 11


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=10))
def test_paths_agree_with_parents_after_any_moves(city, moves):
    Unit.objects.filter(code__startswith="n").delete()
    agency = city.units["urban"].agency
    nodes = [add_unit(agency, f"n{i}", "x", level="station").pk for i in range(12)]
    for child, parent in moves:
        try:
            move_unit(Unit.objects.get(pk=nodes[child]), Unit.objects.get(pk=nodes[parent]))
        except CityError as refused:
            assert refused.code == "unit.cycle"  # noqa: PT017 - only this refusal can come
    parents = dict(Unit.objects.values_list("pk", "parent"))
    for unit in Unit.objects.all():
        line, at = [], unit.pk
        while at is not None:
            line.append(at)
            at = parents[at]
        assert [u.pk for u in above(unit)] == line[::-1]
    Unit.objects.filter(code__startswith="n").update(parent=None)


def test_a_subtree_is_one_range_of_an_index(city):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Index" in below(city.units["bureau"]).explain()


@pytest.fixture
def officer(city):
    person = city.person()
    city.hold(person, "station_officer", "county", below=True)
    return person


def test_nobody_is_on_duty_twice(city, officer):
    add_shift(officer, city.units["station-1"], "patrol", START, START + 8 * HOUR, crew="柳园01")
    add_shift(officer, city.units["station-2"], "patrol", START + 8 * HOUR, START + 9 * HOUR)
    with pytest.raises(CityError, match=r"shift\.overlap"):
        add_shift(officer, city.units["station-2"], "desk", START + 7 * HOUR, START + 10 * HOUR)
    assert [s.crew for s in on_duty(city.units["county"], START)] == ["柳园01"]
    assert [s.unit.code for s in on_duty(city.units["bureau"], START + 8 * HOUR)] == ["station-2"]
    assert not on_duty(city.units["urban"], START).exists()
    assert not on_duty(city.units["bureau"], START, post="desk").exists()


def test_a_shift_needs_a_role_for_its_whole_time(city):
    person = city.person()
    city.hold(person, "station_officer", "station-1", until=START + HOUR)
    add_shift(person, city.units["station-1"], "patrol", START, START + HOUR)
    for unit, since, until in (
        ("station-1", HOUR, 2 * HOUR),
        ("station-2", 0 * HOUR, HOUR),
        ("county", 0 * HOUR, HOUR),
    ):
        with pytest.raises(CityError, match=r"shift\.role"):
            add_shift(person, city.units[unit], "patrol", START + since, START + until)
    with pytest.raises(CityError, match=r"shift\.period"):
        add_shift(person, city.units["station-1"], "patrol", START, START)


def test_swapping_splits_a_running_shift_and_replaces_one_to_come(city, officer):
    other = city.person()
    city.hold(other, "station_officer", "station-1")
    shift = add_shift(officer, city.units["station-1"], "patrol", START, START + 8 * HOUR)
    taken = swap_shift(shift, other, START + 3 * HOUR)
    assert taken.during.lower == START + 3 * HOUR
    assert [s.person for s in on_duty(city.units["station-1"], START + 2 * HOUR)] == [officer]
    assert [s.person for s in on_duty(city.units["station-1"], START + 3 * HOUR)] == [other]
    back = swap_shift(taken, officer, START + 3 * HOUR)
    assert Shift.objects.get(pk=taken.pk).cancelled_at is not None
    cancel_shift(back, START)
    with pytest.raises(CityError, match=r"shift\.over"):
        swap_shift(back, other, START)
