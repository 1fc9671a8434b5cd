"""Blocks, addresses and their imports."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner
from shapely.geometry import box, mapping

from guangyue.city.geo.datum import Datum, from_wgs84
from guangyue.city.geo.position import Position, distance_m
from guangyue.city.imports.addresses import import_addresses
from guangyue.city.imports.boundaries import import_boundaries
from guangyue.city.models import Address, Block, BlockCell
from guangyue.city.places import add_block, addresses_like, blocks_at, locate, nearest_address, plain_address

COUNTY, GRID = box(115.90, 36.40, 116.05, 36.50), box(115.95, 36.44, 115.96, 36.45)


def features(*rows, datum=Datum.WGS84):
    def move(ring):
        return [list(from_wgs84(Position(y, x), datum)) for x, y in ring]

    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [move(r) for r in mapping(area)["coordinates"]]},
            }
            for properties, area in rows
        ],
    }


@pytest.fixture
def write(tmp_path):
    def make(content, name="file"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return make


def test_the_smallest_block_is_named_first_and_outside_none(db):
    add_block("county", "371502", "东昌府区", COUNTY)
    add_block("grid", "G1", "网格一", GRID)
    assert [b.code for b in blocks_at(Position(36.445, 115.955))] == ["G1", "371502"]
    assert [b.code for b in blocks_at(Position(36.445, 115.955), layer="county")] == ["371502"]
    assert [b.code for b in blocks_at(Position(36.41, 115.91))] == ["371502"]
    assert blocks_at(Position(36.41, 116.06)) == []


def test_a_new_boundary_replaces_the_old(db):
    add_block("grid", "G1", "网格一", COUNTY)
    cells = BlockCell.objects.count()
    block = add_block("grid", "G1", "网格壹", GRID)
    assert BlockCell.objects.count() < cells
    assert (Block.objects.get(), Block.objects.get().name_zh) == (block, "网格壹")
    assert blocks_at(Position(36.41, 115.91)) == []


@pytest.mark.parametrize("within", [30.0, 200.0, 900.0])
def test_the_nearest_address_is_exact(db, within):
    rng = random.Random(7)
    rows = []
    for number in range(400):
        address = Address(code=f"A{number}", text=f"柳园路{number}号", plain=f"柳园路{number}号")
        locate(address, Position(36.45 + rng.uniform(-0.02, 0.02), 115.98 + rng.uniform(-0.02, 0.02)))
        rows.append(address)
    Address.objects.bulk_create(rows)
    for _ in range(25):
        here = Position(36.45 + rng.uniform(-0.02, 0.02), 115.98 + rng.uniform(-0.02, 0.02))
        best = min(rows, key=lambda a: distance_m(here, a.position))
        found = nearest_address(here, within_m=within)
        if distance_m(here, best.position) <= within:
            assert found is not None
            assert found.address.code == best.code
        else:
            assert found is None


def test_addresses_by_what_people_say(db):
    for number, text in enumerate(("聊城市东昌府区柳园路12号", "聊城市东昌府区柳园路112号", "聊城市茌平区中心街3号")):
        address = Address(code=f"A{number}", text=text, plain=plain_address(text))
        locate(address, Position(36.45, 115.98))
        address.save()
    assert addresses_like("柳园路１２号")[0].text.endswith("柳园路12号")
    assert addresses_like("茌平 中心街")[0].code == "A2"
    assert addresses_like("") == []


@pytest.mark.parametrize("datum", list(Datum))
def test_boundaries_in_every_system_arrive_in_wgs84(db, write, datum):
    report = import_boundaries(
        write(features(({"code": "G1", "name": "网格一"}, GRID), datum=datum)), "grid", datum=datum
    )
    assert (report.read, report.problems) == (1, [])
    assert blocks_at(Position(36.445, 115.955))
    assert not blocks_at(Position(36.4505, 115.955))
    assert Block.objects.get().area_m2 == pytest.approx(995_000, rel=0.01)


@pytest.mark.parametrize(
    ("properties", "geometry", "code"),
    [
        ({"name": "无码"}, mapping(GRID), "import.empty"),
        ({"code": "G2"}, mapping(GRID), "import.empty"),
        ({"code": "G1", "name": "重码"}, mapping(GRID), "import.twice"),
        ({"code": "x" * 41, "name": "长"}, mapping(GRID), "import.long"),
        ({"code": "G2", "name": "点"}, {"type": "Point", "coordinates": [115.9, 36.4]}, "import.shape"),
        ({"code": "G2", "name": "空"}, None, "import.shape"),
        ({"code": "G2", "name": "反"}, mapping(box(36.4, 115.9, 36.5, 116.0)), "import.shape"),
        ({"code": "G2", "name": "远"}, mapping(box(2.3, 48.8, 2.4, 48.9)), "import.outside"),
    ],
)
def test_one_wrong_boundary_stops_all_and_is_named(db, write, properties, geometry, code):
    given = features(({"code": "G1", "name": "网格一"}, GRID))
    given["features"].append({"type": "Feature", "properties": properties, "geometry": geometry})
    path = write(given)
    report = import_boundaries(path, "grid")
    [problem] = report.problems
    assert (problem.row, problem.code, report.read) == (2, code, 0)
    assert problem.say("zh").startswith("第2行：")
    assert problem.say("en").startswith("Row 2: ")
    assert not Block.objects.exists()
    assert import_boundaries(path, "grid", skip_wrong=True).read == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'{"type":"FeatureCollection"}',
        b'{"type":"FeatureCollection","features":7}',
        b"\xff\xfe\x00",
    ],
)
def test_files_that_are_no_boundaries(db, write, content):
    report = import_boundaries(write(content), "grid")
    assert [p.code for p in report.problems] == ["import.file"]


LIST = "编码,地址,经度,纬度\nA1,柳园路1号,115.98,36.45\nA2,柳园路2号,115.99,36.46\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_address_lists_in_the_encodings_of_offices(db, write, encoding):
    report = import_addresses(write(LIST.encode(encoding)))
    assert (report.read, report.problems) == (2, [])
    assert Address.objects.get(code="A2").text == "柳园路2号"
    assert import_addresses(write(LIST.replace("2号", "22号").encode(encoding))).read == 2
    assert Address.objects.get(code="A2").plain == "柳园路22号"


def test_addresses_in_gcj02(db, write):
    lon, lat = from_wgs84(Position(36.45, 115.98), Datum.GCJ02)
    import_addresses(write(f"code,address,lon,lat\nA1,x,{lon!r},{lat!r}\n".encode()), datum=Datum.GCJ02)
    assert distance_m(Address.objects.get().position, Position(36.45, 115.98)) < 0.001


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A2,,115.9,36.4", "import.empty"),
        ("A1,x,115.9,36.4", "import.twice"),
        ("A2,x,36.4,115.9", "import.swapped"),
        ("A2,x,abc,36.4", "import.number"),
        ("A2,x,2.35,48.85", "import.outside"),
        ("A2,x,nan,36.4", "import.outside"),
        ("A2,x,115.9", "import.empty"),
        (f"A2,{'长' * 201},115.9,36.4", "import.long"),
    ],
)
def test_one_wrong_address_stops_all_and_is_named(db, write, row, code):
    report = import_addresses(write(f"code,address,lon,lat\nA1,x,115.98,36.45\n{row}\n".encode()))
    assert [(p.row, p.code) for p in report.problems] == [(3, code)]
    assert not Address.objects.exists()


def test_missing_columns_are_named(db, write):
    report = import_addresses(write(b"code,address\nA1,x\n"))
    assert report.problems[0].text.zh == "缺少列：lon、lat。"


def test_the_command_offers_what_it_says():
    from guangyue.cli.city import group

    for words in (
        [],
        ["import"],
        ["import", "boundaries"],
        ["import", "addresses"],
        ["keys"],
        ["keys", "rotate"],
        ["where"],
        ["daily"],
    ):
        assert CliRunner().invoke(group, [*words, "--help"]).exit_code == 0
