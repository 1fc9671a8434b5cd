"""The commands as a user runs them: from a file of calls to maps, plans and figures, and plain refusals."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from guangyue.cli.patrol import group


@pytest.fixture
def calls(tmp_path):
    rng = np.random.default_rng(0)
    n = 6000
    centre = rng.integers(0, 12, n)
    table = pl.DataFrame({
        "time": (np.datetime64("2024-01-01") + np.sort(rng.integers(0, 500 * 86_400, n)).astype("timedelta64[s]")).astype("datetime64[us]"),
        "longitude": 115.95 + centre % 4 * 0.01 + rng.normal(0, 0.002, n),
        "latitude": 36.43 + centre // 4 * 0.01 + rng.normal(0, 0.002, n),
        "source": rng.choice(["call", "alarm", "app"], n),
    })  # fmt: skip
    path = tmp_path / "calls.parquet"
    table.write_parquet(path)
    return path


def run(*arguments, language="en"):
    return CliRunner(env={"GUANGYUE_LANG": language}).invoke(group, [str(a) for a in arguments])


def test_forecast_writes_table_map_and_picture(calls, tmp_path):
    done = run("forecast", calls, "--days", 7, "--into", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "7 days from 2025-05-15" in done.output
    table = pl.read_csv(tmp_path / "out" / "forecast.csv")
    assert table["slot"].unique().sort().to_list() == [0, 1, 2]
    assert table["expected"].sum() == pytest.approx(84, rel=0.2)
    features = json.loads((tmp_path / "out" / "forecast.geojson").read_text())["features"]
    assert features[0]["geometry"]["type"] == "Polygon"
    assert (tmp_path / "out" / "forecast.png").read_bytes()[:4] == b"\x89PNG"


def test_backtest_shows_every_map_and_the_cover(calls, tmp_path):
    done = run("backtest", calls, "--from", "2025-03-01", "--days", 7, "--into", tmp_path)
    assert done.exit_code == 0, done.output
    assert "count, 2 years" in done.output
    assert "intervals covered" in done.output
    assert (tmp_path / "curves.png").exists()


def test_plan_on_a_street_grid_passes_must_visits_and_explains(calls, tmp_path):
    from guangyue.engines.roads import from_edges, save

    side = 12
    lon, lat = (a.ravel() for a in np.meshgrid(115.94 + np.arange(side) * 0.006, 36.42 + np.arange(side) * 0.004))
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([
        np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]), np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
    ])  # fmt: skip
    both = np.concatenate([pairs, pairs[:, ::-1]])
    save(from_edges(lon, lat, both[:, 0], both[:, 1]), tmp_path / "city.roads")
    assert run("forecast", calls, "--into", tmp_path).exit_code == 0
    pl.DataFrame([
        {"name": f"crew {k}", "lon": 115.96, "lat": 36.44, "ends": 90, "kind": "drone" if k == 2 else "ground"} for k in range(3)
    ]).write_csv(tmp_path / "crews.csv")  # fmt: skip
    pl.DataFrame([{"name": "夜市", "lon": 115.97, "lat": 36.45, "opens": 10, "closes": 80, "every": 40}]).write_csv(
        tmp_path / "must.csv"
    )
    asked = (
        "plan", tmp_path / "forecast.csv", "--roads", tmp_path / "city.roads", "--crews", tmp_path / "crews.csv",
        "--must", tmp_path / "must.csv", "--slot", 2, "--outposts", 2, "--steps", 400, "--into", tmp_path / "plan",
    )  # fmt: skip
    done = run(*asked, language="zh")
    assert done.exit_code == 0, done.output
    assert "巡线经过预计警情" in done.output
    stops = pl.read_csv(tmp_path / "plan" / "plan.csv")
    assert (stops["name"] == "夜市").sum() >= 2
    told = json.loads((tmp_path / "plan" / "promise.json").read_text())
    assert len(told["outposts"]) == 2
    assert told["missed"] == []
    assert (tmp_path / "plan" / "plan.png").exists()
    wrong = run(*asked[:-6], "--slot", 7, "--steps", 10, "--into", tmp_path)
    assert wrong.exit_code == 1
    assert "no slot 7" in wrong.output


def test_files_of_arrests_are_refused_in_the_readers_language(calls, tmp_path):
    path = tmp_path / "arrests.csv"
    pl.read_parquet(calls).with_columns(source=pl.lit("arrest")).write_csv(path)
    english, chinese = (
        run("forecast", path, "--into", tmp_path),
        run("forecast", path, "--into", tmp_path, language="zh"),
    )
    assert english.exit_code == chinese.exit_code == 1
    assert "must not learn from it" in english.output
    assert "不得以此学习" in chinese.output
    assert "Traceback" not in english.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("--slots", "20,18"), "ascending"), (("--from", "soon"), "not a date"), (("--areas", "12"), "contain")],
)
def test_bad_options_are_told_in_a_sentence(calls, tmp_path, arguments, says):
    done = run("forecast", calls, *arguments, "--into", tmp_path)
    assert done.exit_code != 0
    assert says in done.output


def test_a_plan_is_played_against_calls_and_a_file_that_is_none_is_refused(tmp_path):
    from guangyue.engines.roads import from_edges, save

    lon, lat = (a.ravel() for a in np.meshgrid(115.94 + np.arange(6) * 0.006, 36.42 + np.arange(6) * 0.004))
    number = np.arange(36).reshape(6, 6)
    pairs = np.concatenate([
        np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]), np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
    ])  # fmt: skip
    both = np.concatenate([pairs, pairs[:, ::-1]])
    save(from_edges(lon, lat, both[:, 0], both[:, 1]), tmp_path / "city.roads")
    pl.DataFrame({"cell": number.ravel(), "longitude": lon, "latitude": lat, "expected": np.ones(36)}).write_csv(
        tmp_path / "e.csv"
    )
    line = [[115.94, 36.42], [115.958, 36.432], [115.94, 36.42]]
    shapes = [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": {}},
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [115.97, 36.44]},
            "properties": {"outpost": 1},
        },
    ]
    (tmp_path / "plan.geojson").write_text(json.dumps({"features": shapes}))
    asked = ("--roads", tmp_path / "city.roads", "--calls", 500, "--per-day", 20, "--into", tmp_path)
    done = run("simulate", tmp_path / "e.csv", tmp_path / "plan.geojson", *asked)
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "simulated.json").read_text())
    assert {rule: told[rule]["calls"] for rule in told} == {"closest": 500, "mexclp": 500}
    assert 0 < told["closest"]["busy_mean"] < 1
    (tmp_path / "plan.geojson").write_text(json.dumps({"features": shapes[1:]}))
    empty = run("simulate", tmp_path / "e.csv", tmp_path / "plan.geojson", *asked)
    assert empty.exit_code == 1
    assert "holds no route" in empty.output
