"""Reference systems with their error bounds, and areas as hexagons."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from guangyue.city.geo.cover import area_m2, cells_around, contains, cover, valid_area
from guangyue.city.geo.datum import Datum, from_wgs84, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02
from guangyue.city.geo.position import Position, distance_m
from guangyue.city.geo.zones import from_zone, to_zone

IN_CHINA = st.builds(Position, st.floats(18.0, 53.5), st.floats(73.6, 134.9))
IN_CITY = st.builds(Position, st.floats(35.8, 37.1), st.floats(115.2, 116.6))


@given(IN_CHINA)
def test_gcj02_there_and_back_loses_less_than_a_tenth_of_a_millimetre(position):
    back = gcj02_to_wgs84(*wgs84_to_gcj02(position))
    assert distance_m(position, back) < 1e-4


@given(IN_CHINA)
def test_gcj02_shifts_by_at_least_tens_and_at_most_hundreds_of_metres(position):
    lat, lon = wgs84_to_gcj02(position)
    assert 10 < distance_m(position, Position(lat, lon)) < 1200


@pytest.mark.parametrize(
    ("lat", "lon", "gcj_lat", "gcj_lon"),
    [
        # Computed by gcoord 1.0 and coordtransform 2.1, programs of other authors, which agree.
        (39.908823, 116.397470, 39.91022649807321, 116.4037135824225),
        (31.230416, 121.473701, 31.22847374224698, 121.47822405739267),
        (23.129110, 113.264385, 23.1264333357339, 113.26971458275315),
        (36.45678, 115.98543, 36.45686780190241, 115.99111050710317),
        (43.8, 87.6, 43.80121203029208, 87.60283897227161),
    ],
)
def test_gcj02_agrees_with_other_programs(lat, lon, gcj_lat, gcj_lon):
    found = wgs84_to_gcj02(Position(lat, lon))
    assert distance_m(Position(*found), Position(gcj_lat, gcj_lon)) < 1e-6


@pytest.mark.parametrize("abroad", [Position(48.85, 2.35), Position(-33.9, 151.2), Position(60.2, 24.9)])
def test_gcj02_leaves_the_rest_of_the_world_alone(abroad):
    assert wgs84_to_gcj02(abroad) == (abroad.lat, abroad.lon)
    assert gcj02_to_wgs84(abroad.lat, abroad.lon) == abroad


def test_cgcs2000_is_read_as_wgs84():
    # The ellipsoids differ by 0.1 mm; the frames by the drift of the plate, under a metre until 2030 (docs/city.md).
    assert to_wgs84(115.98, 36.45, Datum.CGCS2000) == Position(36.45, 115.98)


@pytest.mark.parametrize(
    ("lat", "lon", "east", "north"),
    [
        # Computed by PROJ 9.5 (EPSG:4490 to EPSG:4527), a program of other authors.
        (36.45678, 115.98543, 39409051.657153375, 4036706.974257146),
        (36.0, 115.4, 39355732.25271266, 3986726.859329741),
        (37.0, 116.5, 39455494.006887905, 4096627.8453207165),
        (30.0, 118.4, 39635087.56393563, 3320938.704565787),
        (36.0, 117.0, 39500000.0, 3985542.6702962522),
    ],
)
def test_zone_39_agrees_with_proj_to_a_micrometre(lat, lon, east, north):
    assert to_zone(Position(lat, lon), 39) == pytest.approx((east, north), abs=1e-6)
    assert distance_m(from_zone(east, north), Position(lat, lon)) < 1e-6


@given(IN_CHINA)
def test_zones_there_and_back(position):
    assert distance_m(from_zone(*to_zone(position)), position) < 1e-6


@given(IN_CHINA, st.sampled_from(Datum))
def test_every_datum_there_and_back(position, datum):
    assert distance_m(to_wgs84(*from_wgs84(position, datum), datum), position) < 1e-4


@pytest.mark.parametrize(
    ("x", "y", "datum"),
    [
        (36.45, 115.98, Datum.WGS84),  # the wrong way round
        (math.nan, 36.0, Datum.GCJ02),
        (math.inf, 36.0, Datum.WGS84),
        (409051.6, 4036706.9, Datum.CGCS2000_ZONE),  # no zone number in front
        (99409051.6, 4036706.9, Datum.CGCS2000_ZONE),
        (math.nan, 4036706.9, Datum.CGCS2000_ZONE),
        (200.0, 95.0, Datum.GCJ02),
    ],
)
def test_pairs_that_lie_nowhere_are_refused(x, y, datum):
    with pytest.raises(ValueError, match=r"."):
        to_wgs84(x, y, datum)


def test_distance():
    assert distance_m(Position(36, 116), Position(37, 116)) == pytest.approx(111_195, rel=0.001)
    assert distance_m(Position(0, 179.9), Position(0, -179.9)) == pytest.approx(22_239, rel=0.001)


def ring(centre: Position, radius_deg: float, corners: list[float]) -> Polygon:
    """A star-shaped polygon around a centre."""
    step = 2 * math.pi / len(corners)
    return Polygon(
        [
            (centre.lon + radius_deg * r * math.cos(i * step), centre.lat + radius_deg * r * math.sin(i * step))
            for i, r in enumerate(corners)
        ]
    )


@settings(deadline=None, max_examples=40)
@given(
    IN_CITY,
    st.floats(0.002, 0.05),
    st.lists(st.floats(0.3, 1.0), min_size=3, max_size=12),
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=20, max_size=20),
)
def test_the_cover_answers_exactly_as_the_polygon_does(centre, radius, corners, offsets):
    area = ring(centre, radius, corners)
    covered = cover(area)
    assert not covered.whole & covered.border
    for dx, dy in offsets:
        point = Position(centre.lat + dy * radius, centre.lon + dx * radius)
        around = set(cells_around(point))
        by_cover = bool(around & covered.whole) or (bool(around & covered.border) and contains(area, point))
        assert by_cover == contains(area, point), f"{point} in {area.wkt}"


def test_a_hole_is_outside():
    area = Polygon(box(116.0, 36.4, 116.1, 36.5).exterior, [box(116.04, 36.44, 116.06, 36.46).exterior.coords])
    covered = cover(area)
    middle = Position(36.45, 116.05)
    assert not set(cells_around(middle)) & covered.whole
    assert not contains(area, middle)


def test_a_large_county_takes_few_hexagons():
    county = box(115.5, 36.0, 116.2, 36.6)  # 4,200 km²
    covered = cover(county)
    assert len(covered.whole) + len(covered.border) < 12_000


def test_areas_on_the_ground():
    # One square degree at 36° N by the spherical formula.
    exact = 6_371_008.8**2 * math.radians(1) * (math.sin(math.radians(37)) - math.sin(math.radians(36)))
    assert area_m2(shapely.segmentize(box(116, 36, 117, 37), 0.01)) == pytest.approx(exact, rel=1e-3)


def test_a_crossed_ring_is_repaired_and_a_line_is_refused():
    bow_tie = Polygon([(116, 36), (116.1, 36.1), (116.1, 36), (116, 36.1)])
    assert isinstance(valid_area(bow_tie), Polygon | MultiPolygon)
    for wrong in (LineString([(116, 36), (117, 37)]), Polygon(), Point(116, 36), box(36, 115, 37, 116)):
        with pytest.raises(ValueError, match=r"."):
            valid_area(wrong)
