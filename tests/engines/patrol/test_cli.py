"""The commands as a user runs them: from a file of calls to maps, plans and figures, and plain refusals."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from guangyue.cli.patrol import group
from guangyue.engines.roads import from_edges, save


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


@pytest.fixture
def town(tmp_path):
    """A street grid with names, and the roster of three crews, one of them a drone."""
    side = 12
    lon, lat = (a.ravel() for a in np.meshgrid(115.94 + np.arange(side) * 0.006, 36.42 + np.arange(side) * 0.004))
    number = np.arange(side * side).reshape(side, side)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    both = np.concatenate([across, across[:, ::-1], along, along[:, ::-1]])
    names = ["东昌路"] * (2 * len(across)) + ["Canal Street"] * (2 * len(along))
    save(from_edges(lon, lat, both[:, 0], both[:, 1], names=names), tmp_path / "city.roads")
    pl.DataFrame([
        {"name": f"crew {k}", "lon": 115.96, "lat": 36.44, "ends": 90, "kind": "drone" if k == 2 else "ground"} for k in range(3)
    ]).write_csv(tmp_path / "crews.csv")  # fmt: skip
    return tmp_path


def planned(town, *more, into="plan", language="en"):
    return run(
        "plan", town / "forecast.csv", "--roads", town / "city.roads", "--crews", town / "crews.csv", "--slot", 2,
        "--outposts", 2, "--steps", 400, *more, "--into", town / into, language=language,
    )  # fmt: skip


def test_a_plan_on_streets_passes_must_visits_names_streets_and_is_played(calls, town):
    assert run("forecast", calls, "--into", town).exit_code == 0
    market = {"name": "夜市", "lon": 115.97, "lat": 36.45, "opens": 10, "closes": 80, "every": 40}
    pl.DataFrame([market]).write_csv(town / "must.csv")
    done = planned(town, "--must", town / "must.csv", language="zh")
    assert done.exit_code == 0, done.output
    assert "巡线经过预计警情" in done.output
    stops = pl.read_csv(town / "plan" / "plan.csv")
    assert (stops["name"] == "夜市").sum() >= 2
    assert (stops["kind"] == "outpost").sum() == 2
    assert stops["理由"].str.len_chars().min() > 0
    told = json.loads((town / "plan" / "promise.json").read_text())
    assert len(told["outposts"]) == 2
    assert told["missed"] == []
    for block in told["blocks"]:
        if block["near"]:
            assert block["near"]["low"] <= block["near"]["high"]
    assert (town / "plan" / "plan.png").exists()
    features = json.loads((town / "plan" / "plan.geojson").read_text())["features"]
    rounds = {f["properties"]["round"]: f for f in features if "round" in f["properties"]}
    assert rounds["crew 2"]["properties"]["kind"] == "drone"
    assert rounds["crew 2"]["properties"]["streets"] == []
    driven = rounds["crew 0"]
    assert set(driven["properties"]["streets"]) == {"东昌路", "Canal Street"}
    # along a grid of streets every piece runs due east or due north
    line = np.array(driven["geometry"]["coordinates"])
    assert np.abs(np.diff(line, axis=0)).min(axis=1).max() < 2e-6
    directions = pl.read_csv(town / "plan" / "directions.csv")
    assert set(directions["crew"]) == {"crew 0", "crew 1"}
    assert directions["指引"].str.contains("东昌路").any()
    pl.DataFrame([{"name": "广场", "lon": 115.96, "lat": 36.44, "class": 1}]).write_csv(town / "sites.csv")
    asked = (
        "--roads",
        town / "city.roads",
        "--sites",
        town / "sites.csv",
        "--calls",
        500,
        "--per-day",
        20,
        "--into",
        town,
    )
    played = run("simulate", town / "forecast.csv", town / "plan" / "plan.geojson", *asked)
    assert played.exit_code == 0, played.output
    assert "1-minute sites" in played.output
    told = json.loads((town / "simulated.json").read_text())
    assert {rule: told[rule]["calls"] for rule in told} == {"closest": 500, "mexclp": 500}
    assert len(told["closest"]["busy"]) == 4, "two rounds and two posts; the drone takes no calls"
    assert set(told["closest"]["tiers"]) == {"1", "5"}
    assert (town / "simulated.png").read_bytes()[:4] == b"\x89PNG"
    wrong = planned(town, "--slot", 7, into="wrong")
    assert wrong.exit_code == 1
    assert "no slot 7" in wrong.output


def test_the_gate_keeps_without_weeks_and_says_what_each_week_showed(calls, town):
    assert run("forecast", calls, "--from", "2025-03-20", "--into", town).exit_code == 0
    assert planned(town).exit_code == 0
    asked = (
        "gate", calls, "--standing", town / "plan" / "plan.geojson", "--roads", town / "city.roads", "--crews",
        town / "crews.csv", "--slot", 2, "--outposts", 2, "--steps", 400, "--into", town,
    )  # fmt: skip
    done = run(*asked)
    assert done.exit_code == 0, done.output
    weeks, told = pl.read_csv(town / "gate.csv"), json.loads((town / "gate.json").read_text())
    assert weeks["week"][0] == "2025-03-20"
    assert told["weeks"] == len(weeks) == 8
    assert told["standing"] == pytest.approx(weeks["standing"].mean())
    assert told["candidate"] == pytest.approx(weeks["candidate"].mean())
    assert (told["answer"] == "propose") == (told["low"] > 0 and told["gain"] >= 0.005)
    few = run(*asked, "--from", "2025-05-01", language="zh")
    assert few.exit_code == 0, few.output
    assert "维持现行方案" in few.output
    assert json.loads((town / "gate.json").read_text())["answer"] == "keep"
    none = run(*asked, "--from", "2025-05-14")
    assert none.exit_code == 0, none.output
    assert "Only 0 held-out weeks" in none.output
    seen = run(*asked, "--from", "2025-03-01")
    assert seen.exit_code == 1
    assert "knows the calls before 2025-03-20" in seen.output


def test_factors_festivals_and_known_demand_enter_the_forecast_and_head_count_follows_the_slots(calls, tmp_path):
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=k) for k in range(510)]
    pl.DataFrame({"date": days, "rain": [float(k % 7) for k in range(510)]}).write_csv(tmp_path / "rain.csv")
    market = {
        "name": "夜市", "lon": 116.2, "lat": 36.6, "hour": 19, "from": "2025-05-01", "until": "2025-06-01", "weekdays": "5 6",
        "calls": 30,
    }  # fmt: skip
    pl.DataFrame([market]).write_csv(tmp_path / "known.csv")
    done = run(
        "forecast", calls, "--factors", tmp_path / "rain.csv", "--cn-festivals", "--scheduled", tmp_path / "known.csv",
        "--into", tmp_path,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "rain: calls ×" in done.output
    assert "festival: calls ×" in done.output
    assert "夜市: 2 days, 30 more" in done.output
    table = pl.read_csv(tmp_path / "forecast.csv")
    new = table.filter((pl.col("longitude") > 116.1) & (pl.col("slot") == 2))
    assert new["expected"].to_list() == [pytest.approx(60, abs=1)]
    counted = run("headcount", tmp_path / "forecast.csv", "--crew-hours", 96, "--into", tmp_path)
    assert counted.exit_code == 0, counted.output
    crews = pl.read_csv(tmp_path / "headcount.csv")
    assert crews["hours"].to_list() == [8.0, 8.0, 8.0]
    assert crews["crews"][2] == crews["crews"].max()
    assert (crews["crews"] * crews["hours"]).sum() <= 96


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


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("crews", "name,lon,lat\na,115.96,36.44\na,115.97,36.44\n", "More than one crew"),
        ("crews", "name,lon,lat,ends\na,115.96,36.44,late\n", "row 1, column ends: 'late'"),
        ("crews", "name,lon,lat,kind\na,115.96,36.44,boat\n", "column kind"),
        ("crews", "name,lon,lat,rest,rest_opens,rest_closes\na,115.96,36.44,9,80,20\n", "column rest_closes"),
        ("crews", "name,lon,lat\na,20,50\n", "from the nearest street"),
        ("crews", "name,lon,lat\na,115.96,96\n", "column lat"),
        ("crews", "name,lon,lat\n", "holds no row"),
        ("must", "name,lon,lat,every\na,115.96,36.44,-1\n", "column every"),
        ("must", "name,lon,lat,opens,closes\na,115.96,36.44,9,1\n", "times of a are not possible"),
        ("blocks", "nonsense", "no polygons"),
        ("blocks", '{"features": []}', "no polygons"),
        ("roads", "nonsense", "no graph"),
    ],
)
def test_what_a_plan_cannot_use_is_named(town, file, content, says):
    cell = {
        "cell": "x", "longitude": 115.96, "latitude": 36.44, "area": 0, "slot": 0, "expected": 1.0, "from": "2026-01-01",
        "days": 7, "dispersion": 0.0,
    }  # fmt: skip
    pl.DataFrame([cell]).write_csv(town / "forecast.csv")
    (town / "wrong").write_text(content)
    done = planned(town, "--slot", 0, f"--{file}", town / "wrong")
    assert done.exit_code == 1, done.output
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_forecast_of_another_city_and_a_file_that_is_no_plan_are_refused(town):
    cell = {
        "cell": "x", "longitude": 20.0, "latitude": 50.0, "area": 0, "slot": 2, "expected": 1.0, "from": "2026-01-01",
        "days": 7, "dispersion": 0.0,
    }  # fmt: skip
    pl.DataFrame([cell]).write_csv(town / "forecast.csv")
    assert "not of one city" in planned(town).output
    (town / "none.geojson").write_text('{"features": []}')
    empty = run("simulate", town / "forecast.csv", town / "none.geojson", "--roads", town / "city.roads")
    assert empty.exit_code == 1
    assert "holds no round" in empty.output


@pytest.mark.parametrize(
    ("option", "content", "says"),
    [
        ("--factors", "date,rain\n2026-01-01,wet\n", "column rain: 'wet'"),
        ("--factors", "date,rain\n2026-01-01,1\n2026-01-01,2\n", "row 2, column date"),
        ("--factors", "date\n2026-01-01\n", "no factor"),
        ("--scheduled", "name,lon,lat,hour,from,until,calls\nm,116,36.4,25,2026-01-01,2026-02-01,2\n", "column hour"),
        ("--scheduled", "name,lon,lat,hour,from,until,calls\nm,116,36.4,20,2026-03-01,2026-02-01,2\n", "column until"),
        ("--scheduled", "name,lon,lat,hour,from,until,calls\nm,116,99,20,2026-01-01,2026-02-01,2\n", "column lat"),
    ],
)
def test_factors_and_known_demand_that_cannot_be_are_named(calls, tmp_path, option, content, says):
    (tmp_path / "wrong.csv").write_text(content)
    done = run("forecast", calls, option, tmp_path / "wrong.csv", "--into", tmp_path)
    assert done.exit_code == 1, done.output
    assert says in done.output
