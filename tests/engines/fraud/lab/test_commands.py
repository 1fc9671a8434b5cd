"""The commands as an analyst runs them: from a simulated city to a model, a card, a report and pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guangyue.cli.fraud import group
from guangyue.engines.fraud.model import ScamModel


def run(*arguments: object):
    return CliRunner().invoke(group, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "city"
    made = run(
        "simulate", "--into", folder, "--residents", 700, "--towns", 10, "--days", 22, "--quiet-days", 3, "--cases", 110
    )
    assert made.exit_code == 0, made.output
    assert "in which the money leaves" in made.output
    assert "not the frozen set" not in made.output
    return folder


def test_simulated_records_pass_the_engines_own_door(city, tmp_path):
    done = run("replay", city, "--into", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "refused 0" in done.output
    assert "late 0" in done.output


def test_train_writes_a_model_and_its_card(city, tmp_path):
    done = run("train", city, "--into", tmp_path, "--from-day", 4, "--rounds", 8)
    assert done.exit_code == 0, done.output
    (file,) = tmp_path.glob("*.npz")
    model = ScamModel.load(file)
    assert model.version == file.stem
    assert model.version in done.output
    assert model.version in (tmp_path / f"{file.stem}.md").read_text(encoding="utf-8")


def test_backtest_writes_a_report_and_pictures(city, tmp_path):
    done = run("backtest", city, "--into", tmp_path, "--rounds", 8, "--budget", 4)
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["cases"] == result["systems"]["whole"]["recall"]["n"] > 0
    assert "rules alone" in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert {p.name for p in tmp_path.glob("*.png")} == {"precision_recall.png", "lead_time.png", "alerts_a_day.png"}


def test_rules_are_listed_and_faults_shown_with_their_line(tmp_path):
    listed = run("rules")
    assert listed.exit_code == 0
    assert "no fault" in listed.output
    file = tmp_path / "mine.toml"
    file.write_text('[[rule]]\ncode = "a"\nwhen = ["person.nothing >= 1"]\n', encoding="utf-8")
    refused = run("rules", file)
    assert refused.exit_code == 1
    assert "line 3: a: no feature 'person.nothing'" in refused.output
    assert "Traceback" not in refused.output
    file.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in run("rules", file).output


@pytest.mark.parametrize("command", ["train", "backtest"])
def test_a_folder_that_is_no_run_is_refused_in_a_sentence(command, tmp_path):
    done = run(command, tmp_path, "--into", tmp_path / "out")
    assert done.exit_code == 1
    assert "holds no run" in done.output
    assert "Traceback" not in done.output


def test_wrong_scripts_and_settings_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "a.toml").write_text("code = 1\n", encoding="utf-8")
    done = run("simulate", "--into", tmp_path / "out", "--scripts", tmp_path)
    assert done.exit_code == 1
    assert "a.toml: kind is missing" in done.output
    done = run("simulate", "--into", tmp_path / "out", "--days", 3)
    assert done.exit_code == 1
    assert "more days than quiet days" in done.output
    assert not (tmp_path / "out").exists()


def test_a_simulation_never_writes_over_a_citys_own_records(tmp_path):
    own = tmp_path / "voice_call.csv"
    own.write_text("time,offset\n", encoding="utf-8")
    done = run("simulate", "--into", tmp_path, "--residents", 50, "--days", 2, "--quiet-days", 0)
    assert done.exit_code == 1
    assert "name a folder of its own" in done.output
    assert [p.name for p in tmp_path.iterdir()] == ["voice_call.csv"]


def test_a_second_simulation_leaves_nothing_of_the_first(tmp_path):
    stale = tmp_path / "clue.parquet"
    stale.write_bytes(b"old")
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    done = run(
        "simulate", "--into", tmp_path, "--residents", 20, "--towns", 2, "--days", 1, "--quiet-days", 0, "--cases", 0
    )
    assert done.exit_code == 0, done.output
    assert not stale.exists() or stale.read_bytes() != b"old"


def test_a_day_is_told_over_again_for_the_console(city, tmp_path):
    from guangyue.engines.fraud.evaluate import day
    from guangyue.web.console import fraud_day

    assert day.FORMAT == fraud_day.FORMAT
    done = run("day", city, "--day", 8, "--into", tmp_path / "a" / "day.json", "--budget", 6)
    assert done.exit_code == 0, done.output
    told = fraud_day.read_day(tmp_path / "a" / "day.json")
    begin, end = told["begin"], told["begin"] + day.DAY_MS
    assert told["warnings"], "the day has nothing to tell"
    assert [w["at"] for w in told["warnings"]] == sorted(w["at"] for w in told["warnings"])
    assert len({w["person"] for w in told["warnings"]}) <= 6
    shown = {p["person"]: p for p in told["people"]}
    for w in told["warnings"]:
        assert begin <= w["at"] == min(w["times"])
        assert any(r["at"] == w["at"] for r in shown[w["person"]]["records"]), "a warning without its record"
    assert all(r["at"] < end + 3_600_000 for p in told["people"] for r in p["records"])
    assert "days 0 to 21, not 22" in run("day", city, "--day", 22, "--into", tmp_path / "x.json").output
    assert not (tmp_path / "x.json").exists()
