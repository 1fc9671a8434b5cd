"""The demo city itself: whole, the same everywhere, nobody's."""

from __future__ import annotations

import io
import json
import random
from datetime import datetime, timedelta

import pytest
from PIL import Image
from shapely.geometry import Point
from shapely.ops import unary_union

from guangyue.city.geo.position import Position, distance_m
from guangyue.demo.city import demo_city
from guangyue.demo.city.agencies import AGENCIES, UNITS
from guangyue.demo.city.layers import LAYERS, layer
from guangyue.demo.city.picture import draw_city
from guangyue.demo.city.staff import PLATES, STAFF
from guangyue.demo.city.whole import demo_city as fresh
from guangyue.demo.simulators.day import HOURS, Street
from guangyue.demo.simulators.photos import photograph
from guangyue.engines.roads.geojson import from_geojson
from guangyue.law import CITY
from guangyue.law.competence.actors import Role
from guangyue.records.evidence.exif import read_exif


@pytest.fixture(scope="module")
def city():
    return demo_city()


def test_the_same_seed_gives_the_same_city(city):
    again = fresh.__wrapped__(residents=500)
    assert again.counties == city.counties
    assert again.streets == city.streets
    assert again.residents == city.residents[:500]
    other = fresh.__wrapped__(seed=7, residents=10)
    assert other.counties != city.counties


def test_eight_counties_cover_the_city_without_gap_or_overlap(city):
    assert len(city.counties) == 8
    whole = unary_union([c.area for c in city.counties])
    assert whole.geom_type == "Polygon"
    assert sum(c.area.area for c in city.counties) == pytest.approx(whole.area, rel=1e-6)
    assert all(c.area.contains(Point(c.seat)) for c in city.counties)
    assert sum(c.share for c in city.counties) == pytest.approx(1)


def test_twelve_night_blocks_do_not_overlap(city):
    assert len(city.blocks) == 12
    whole = unary_union([b.area for b in city.blocks])
    assert sum(b.area.area for b in city.blocks) == pytest.approx(whole.area, rel=1e-6)


def test_one_can_drive_from_everywhere_to_everywhere(city, tmp_path):
    pytest.importorskip("routingkit_cch")
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps(layer(city, "streets")), "utf-8")
    built = from_geojson(path, least_share=0.999)
    assert built.share > 0.999
    assert built.ways > 400


def test_residents_have_plates_and_phones_that_are_nobodys(city):
    assert len(city.residents) == 20_000
    assert len({r.phone for r in city.residents}) == 20_000
    assert len(city.by_plate) == len(city.drivers)
    assert all(r.phone.startswith("+86172") for r in city.residents)
    assert all(r.car.plate.startswith("鲁T") for r in city.drivers)
    assert set(PLATES) <= city.by_plate.keys()


def test_every_role_of_the_law_is_held_by_somebody_and_every_unit_exists():
    held = {role for m in STAFF for role in m.roles}
    outside = {Role.CITIZEN, Role.OWNER, Role.CARRIER}
    assert set(Role) - held == outside
    units = {u.code for u in UNITS}
    assert {m.unit for m in STAFF} <= units
    assert {u.agency for u in UNITS} <= {code for code, *_ in AGENCIES}
    assert len({m.login for m in STAFF}) == len({m.name for m in STAFF}) == len(STAFF)


def test_layers_are_geojson_and_the_picture_is_not_empty(city):
    for name in LAYERS:
        found = json.loads(json.dumps(layer(city, name)))
        assert found["type"] == "FeatureCollection"
        assert found["features"]
    with pytest.raises(KeyError):
        layer(city, "secrets")
    assert len(draw_city(city, pixels=200).getcolors(100_000)) > 4


def test_a_street_day_has_the_published_size_and_shape(city):
    street = Street(city, 1)
    at, end = datetime(2026, 6, 1, tzinfo=CITY), datetime(2026, 6, 11, tzinfo=CITY)
    found = []
    while True:
        parked = street.after(at)
        if parked.at >= end:
            break
        assert parked.at > at
        at = parked.at
        found.append(parked)
    days = [datetime(2026, 6, d, tzinfo=CITY) for d in range(1, 11)]
    expected = sum(885 * street.weather(d).more for d in days)
    assert len(found) == pytest.approx(expected, rel=0.05)
    busiest = max(range(24), key=lambda h: sum(p.at.hour == h for p in found))
    assert HOURS[busiest] > 3
    stay = sum(p.leaves_after is None for p in found) / len(found)
    assert stay == pytest.approx(0.2488, abs=0.03), "the published share of penalties"
    assert all(p.leaves_after is None or p.leaves_after < timedelta(minutes=10).seconds / 60 for p in found)


def test_a_photograph_says_when_and_where_it_was_taken(city):
    at = datetime(2026, 11, 22, 9, 30, 5, tzinfo=CITY)
    jpeg = photograph(city.drivers[0].car, at, (115.981, 36.457), random.Random(1))
    with Image.open(io.BytesIO(jpeg)) as picture:
        said = read_exif(picture.getexif())
    assert (said.taken_at, said.offset_assumed) == (at, False)
    assert distance_m(said.position, Position(lat=36.457, lon=115.981)) < 1
