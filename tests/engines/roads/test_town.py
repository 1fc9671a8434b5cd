"""A town small enough to check by eye: one-ways, a roundabout, lights, forbidden turns, names, directions, isochrones.

::

    d --- e --- f        the north street (two-way)
    |     |     |
    a --> b --> c        the market street (one-way eastwards)
"""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from guangyue.cli.roads import group
from guangyue.engines.roads import ORDINARY, SIREN, Network, RoadClass, load, save
from guangyue.engines.roads.draw import collection, isochrone_features, picture, route_features
from guangyue.engines.roads.isochrone import isochrones
from guangyue.engines.roads.osm import from_osm, way_from_tags
from guangyue.engines.roads.read import build
from guangyue.engines.roads.route import Turn, route

STEP = 0.002
NODES = {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1), "f": (2, 1)}
NUMBER = {name: i + 1 for i, name in enumerate(NODES)}


def where(name):
    x, y = NODES[name]
    return 116.0 + x * STEP, 36.45 + y * STEP


def osm(restrictions="", lights=""):
    points = []
    for name, number in NUMBER.items():
        lon, lat = where(name)
        tag = "<tag k='highway' v='traffic_signals'/>" if name in lights else ""
        points.append(f"<node id='{number}' lat='{lat}' lon='{lon}' version='1'>{tag}</node>")
    streets = {
        1: ("ab", "市场街", True),
        2: ("bc", "市场街", True),
        3: ("def", "北街", False),
        4: ("ad", "西巷", False),
        5: ("be", "中巷", False),
        6: ("cf", "东巷", False),
    }
    ways = []
    for number, (through, name, one_way) in streets.items():
        refs = "".join(f"<nd ref='{NUMBER[p]}'/>" for p in through)
        direction = "<tag k='oneway' v='yes'/>" if one_way else ""
        tags = f"<tag k='highway' v='residential'/><tag k='name' v='{name}'/>{direction}"
        ways.append(f"<way id='{number}' version='1'>{refs}{tags}</way>")
    return f"<osm version='0.6'>{''.join(points)}{''.join(ways)}{restrictions}</osm>"


def restriction(kind, from_way, via, to_way):
    kind_of_via = "node" if via in NUMBER else "way"
    ref = NUMBER.get(via, via)
    return (
        f"<relation id='9' version='1'><member type='way' ref='{from_way}' role='from'/>"
        f"<member type='{kind_of_via}' ref='{ref}' role='via'/><member type='way' ref='{to_way}' role='to'/>"
        f"<tag k='type' v='restriction'/><tag k='restriction' v='{kind}'/></relation>"
    )


@pytest.fixture
def town(tmp_path):
    def made(**more):
        path = tmp_path / "town.osm"
        path.write_text(osm(**more), encoding="utf-8")
        return from_osm(path).graph

    return made


def node(graph, name):
    lon, lat = where(name)
    return int(np.hypot(graph.lon - lon, graph.lat - lat).argmin())


def driven(network, begin, end):
    graph = network.graph
    found = route(network, [node(graph, begin)], [node(graph, end)])
    names = {node(graph, name): name for name in NODES}
    return begin + "".join(names[int(graph.head[arc])] for arc in found.arcs)


def test_one_ways_bind_the_ordinary_car_and_not_the_siren(town):
    graph = town()
    assert driven(Network(graph), "a", "c") == "abc"
    assert driven(Network(graph), "c", "a") == "cfeda"
    # one block at 15 km/h against the one-way is quicker than three blocks at 38
    assert driven(Network(graph, SIREN), "b", "a") == "ba"
    assert driven(Network(graph), "b", "a") == "beda"
    assert graph.against.sum() == 2


def test_a_forbidden_turn_costs_a_detour_and_binds_no_siren(town):
    bound = town(restrictions=restriction("no_left_turn", 1, "b", 5))
    assert [bound.street_name(a) for a in bound.banned_arcs.tolist()] == ["市场街", "中巷"]
    assert bound.topology.nodes == bound.nodes + 1
    west = [a for a in range(bound.arcs) if bound.street_name(a) == "西巷"]

    def without_the_west_lane(graph, profile):
        network = Network(graph, profile)
        network.live([], [], closed=west)
        return driven(network, "a", "e")

    assert without_the_west_lane(town(), ORDINARY) == "abe"
    assert without_the_west_lane(bound, ORDINARY) == "abcfe"
    assert without_the_west_lane(bound, SIREN) == "abe"


def test_only_straight_on_forbids_everything_else(town):
    graph = town(restrictions=restriction("only_straight_on", 1, "b", 2))
    chains = np.split(graph.banned_arcs, graph.banned_at[1:-1])
    assert {tuple(graph.street_name(a) for a in chain) for chain in chains} == {("市场街", "中巷")}


def test_a_restriction_over_a_connecting_way(town):
    # from 市场街 over 中巷 into 北街 is forbidden; into 中巷 alone is not
    graph = town(restrictions=restriction("no_u_turn", 1, 5, 3))
    lengths = np.diff(graph.banned_at)
    assert set(lengths.tolist()) == {3}
    network = Network(graph)
    network.live([], [], closed=[a for a in range(graph.arcs) if graph.street_name(a) == "西巷"])
    assert network.matrix([node(graph, "a")], [node(graph, "e")]) < 10**6
    # b to d over e is open to whoever begins at b, closed to whoever comes from a
    begin_b = network.matrix([node(graph, "b")], [node(graph, "d")])[0, 0]
    begin_a = network.matrix([node(graph, "a")], [node(graph, "d")])[0, 0]
    assert begin_a > begin_b + network.matrix([node(graph, "a")], [node(graph, "b")])[0, 0]


def test_a_restriction_elsewhere_is_counted_as_unused(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(osm(restrictions=restriction("no_left_turn", 77, "b", 5)), encoding="utf-8")
    built = from_osm(path)
    assert (built.restrictions, built.unused_restrictions) == (1, 1)


def test_lights_take_time_for_those_who_reach_them(town):
    dark, lit = town(), town(lights="b")
    a, b, c = (node(dark, n) for n in "abc")
    waited = Network(lit).matrix([a, b], [b, c]) - Network(dark).matrix([a, b], [b, c])
    assert waited[0, 0] == 1000 * ORDINARY.signal_s
    assert waited[1, 1] == 0


def test_rush_hour_is_slower_than_night(town):
    graph = town()
    a, c = node(graph, "a"), node(graph, "c")
    night, rush = (Network(graph, hour=h).matrix([a], [c])[0, 0] for h in (3, 17))
    assert night < Network(graph).matrix([a], [c])[0, 0] < rush
    assert Network(graph, hour=8, day_off=True).matrix([a], [c])[0, 0] < Network(graph, hour=8).matrix([a], [c])[0, 0]


def test_tags_are_read_as_the_map_means_them():
    def way(**tags):
        return way_from_tags(1, [1, 2], {"highway": "residential"} | tags)

    assert way(oneway="-1").direction == -1
    assert way(junction="roundabout").direction == 1
    assert not way(junction="roundabout").contraflow
    assert way(highway="motorway").direction == 1
    assert way(highway="motorway", oneway="no").direction == 0
    assert way(maxspeed="30 mph").limits == (48, 48)
    assert way(**{"maxspeed": "50", "maxspeed:backward": "30"}).limits == (50, 30)
    assert way(maxspeed="CN:urban").limits == (0, 0)
    assert way(access="no") is None
    assert way(access="no", motor_vehicle="yes") is not None
    assert way(access="no", emergency="yes") is not None
    assert way(access="private") is not None
    assert way(highway="footway") is None
    assert way(highway="service", service="parking_aisle") is None
    assert way(highway="primary_link").road is RoadClass.LINK


def test_a_ring_without_other_streets_is_still_a_street(tmp_path):
    ring = [[116.0, 36.4], [116.001, 36.4], [116.001, 36.401], [116.0, 36.401], [116.0, 36.4]]
    feature = {
        "type": "Feature",
        "properties": {"oneway": True},
        "geometry": {"type": "LineString", "coordinates": ring},
    }
    path = tmp_path / "ring.geojson"
    path.write_text(json.dumps({"features": [feature]}))
    graph = build(path).graph
    assert graph.nodes == 2
    assert graph.metres[~graph.against].sum() == pytest.approx(2 * (89.6 + 111.2), rel=0.01)


def test_directions_name_streets_and_turns_in_both_languages(town):
    graph = town()
    network = Network(graph)
    begin, end = network.snap([116.0005, 116.0041], [36.44995, 36.4515]).take([0]), None
    end = network.snap([116.0041], [36.4515])
    found = route(network, begin, end)
    assert [s.turn for s in found.steps] == [Turn.DEPART, Turn.LEFT, Turn.ARRIVE]
    assert [s.text.zh for s in found.steps] == ["从市场街出发，向东行驶", "左转进入东巷", "到达目的地（东巷）"]
    assert found.steps[1].text.en == "Turn left into 东巷"
    assert sum(s.metres for s in found.steps) == pytest.approx(found.metres)
    assert sum(s.seconds for s in found.steps) * 1000 == pytest.approx(found.ms, abs=3)
    np.testing.assert_allclose(found.line[0], [begin.lon[0], begin.lat[0]], atol=1e-7)
    np.testing.assert_allclose(found.line[-1], [end.lon[0], end.lat[0]], atol=1e-7)
    features = route_features(found, "zh")
    assert features[0]["geometry"]["type"] == "LineString"
    assert len(features) == 1 + len(found.steps)


def test_on_one_street_one_drives_straight_on_or_round_the_block(town):
    network = Network(town())
    west, east = network.snap([116.0005], [36.45]), network.snap([116.0015], [36.45])
    ahead, back = route(network, west, east), route(network, east, west)
    assert len(ahead.arcs) == 1
    assert ahead.metres == pytest.approx(0.001 * 89_600, rel=0.01)
    assert back.metres > 5 * ahead.metres
    assert network.matrix(west, east)[0, 0] == ahead.ms
    assert network.matrix(east, west)[0, 0] == back.ms


def test_snapping_tells_the_distance_and_the_share(town):
    network = Network(town())
    place = network.snap([116.001], [36.4499])
    assert place.metres[0] == pytest.approx(11.1, abs=0.1)
    assert place.along[0] == pytest.approx(0.5, abs=1e-3)
    assert network.graph.street_name(int(place.arc[0])) == "市场街"


@pytest.mark.parametrize("direction", ["to", "from"])
def test_isochrones_hold_what_the_times_say(town, direction):
    graph = town()
    network = Network(graph)
    place = network.snap(*where("b"))
    bands = isochrones(network, place, [600, 20, 45], direction=direction)
    nodes = np.arange(graph.nodes)
    every = network.snap(graph.lon, graph.lat)
    ms = network.matrix(every, place)[:, 0] if direction == "to" else network.matrix(place, every)[0]
    for band in bands:
        inside = shapely.contains_xy(band.area, graph.lon, graph.lat)
        for n in nodes[ms <= band.seconds * 1000]:
            assert inside[n], (band.seconds, n)
    assert bands[0].metres < bands[1].metres < bands[2].metres
    assert shapely.difference(bands[0].area, bands[2].area).area < 1e-12
    whole = graph.metres[~graph.against & ~graph.backward].sum()
    assert bands[2].metres == pytest.approx(whole, rel=1e-6)
    assert [f["properties"]["seconds"] for f in isochrone_features(bands)] == [600, 45, 20]


def test_isochrone_length_grows_with_speed_along_a_line(tmp_path):
    line = [[116.0, 36.4], [116.02, 36.4]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
    path = tmp_path / "line.geojson"
    path.write_text(json.dumps({"features": [feature]}))
    network = Network(build(path).graph)
    metres = network.graph.metres[0]
    full_s = network.millis[0] / 1000
    middle = network.snap([116.01], [36.4])
    [band] = isochrones(network, middle, [full_s / 4])
    assert band.metres == pytest.approx(metres / 2, rel=1e-3)


def test_saved_and_loaded_it_is_the_same_town(town, tmp_path):
    graph = town(restrictions=restriction("no_left_turn", 1, "b", 5))
    saved = save(graph, tmp_path / "town.roads")
    again = load(tmp_path / "town.roads")
    assert again.names == graph.names
    nodes = np.arange(graph.nodes)
    for profile in ("ordinary", "siren"):
        wanted = Network(graph, profile).matrix(nodes, nodes)
        np.testing.assert_array_equal(Network(again, profile).matrix(nodes, nodes), wanted)
    np.testing.assert_array_equal(saved.order, again.order)
    assert list(tmp_path.glob(".town*")) == []


def test_pictures_are_drawn(town, tmp_path):
    graph = town()
    network = Network(graph)
    place = network.snap(*where("b"))
    bands = isochrones(network, place, [20, 60])
    way = route(network, place, network.snap(*where("d")))
    picture(tmp_path / "map.png", graph, bands=bands, ways=[way], marks=way.line[:1], place=where("b"), title="x")
    assert (tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"
    assert json.dumps(collection(isochrone_features(bands)))


def test_the_command_from_source_to_answers(tmp_path, monkeypatch):
    monkeypatch.setenv("GUANGYUE_LANG", "zh")
    (tmp_path / "town.osm").write_text(osm(), encoding="utf-8")
    (tmp_path / "crews.csv").write_text("id,lon,lat\nA,116.0,36.45\nB,116.004,36.452\n")
    monkeypatch.chdir(tmp_path)

    def ran(*words, code=0):
        result = CliRunner().invoke(group, list(words))
        assert result.exit_code == code, result.output
        return result.output

    assert '"forbidden_turns": 0' in ran("build", "town.osm", "-o", "town.roads")
    assert "residential" in ran("info", "town.roads")
    near = ran("nearest", "town.roads", "--crews", "crews.csv", "--at", "116.0039,36.45", "--geojson", "n.geojson")
    assert near.startswith("B\t")
    assert len(json.loads((tmp_path / "n.geojson").read_text())["features"]) > 3
    exact = ran("nearest", "town.roads", "--crews", "crews.csv", "--at", "116.0039,36.45", "--exact")
    assert exact.splitlines()[:2] == near.splitlines()[:2]
    ran("matrix", "town.roads", "--from", "crews.csv", "--to", "crews.csv", "-o", "m.csv")
    assert (tmp_path / "m.csv").read_text().splitlines()[1] == "A,A,0.0"
    assert "左转进入东巷" in ran("route", "town.roads", "--profile", "ordinary", "--from", "116.0005,36.45", "--to",
                          "116.004,36.4515", "--png", "r.png")  # fmt: skip
    assert "km of street" in ran("isochrone", "town.roads", "--at", "116.002,36.45", "--minutes", "0.5,1")
    off_map = ran("nearest", "town.roads", "--crews", "crews.csv", "--at", "121.5,31.2", code=1)
    assert "[roads.off_map]" in off_map
    assert "最近的道路" in off_map
    assert "not LON,LAT" in ran("isochrone", "town.roads", "--at", "here", code=2)
    assert "list of numbers" in ran("isochrone", "town.roads", "--at", "116,36.45", "--minutes", "x", code=2)
    assert "[roads.not_found]" in ran("info", "nothing.roads", code=1)
    monkeypatch.setenv("GUANGYUE_LANG", "en")
    assert "does not exist" in ran("info", "nothing.roads", code=1)
