"""The patrol plan on the console: for those who command and drive, absent for others, honest about a bad file."""

from __future__ import annotations

import pytest
from tests.web.plans import CREWS, write_plan
from tests.web.sessions import browser

from guangyue.demo.city import demo_city
from guangyue.engines.patrol.plan_files import read_plan

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def home(settings, tmp_path):
    settings.GUANGYUE_HOME = tmp_path
    return tmp_path


@pytest.fixture
def commander(town):
    return browser(town.someone("commander", "urban").account)


def test_every_round_stop_and_outpost_is_listed_with_its_reason(home, commander):
    standing = read_plan(write_plan(demo_city(residents=60), home))
    text = commander.get("/console/patrol").content.decode()
    assert all(crew in text for crew in CREWS)
    assert text.count("<li data-id=") == sum(len(r.stops) for r in standing.rounds) + len(standing.posts)
    assert "绕行1分钟" in text
    drawn = commander.get("/console/patrol/plan.geojson").json()["features"]
    assert {f["properties"]["kind"] for f in drawn} == {"round", "stop", "outpost"}
    assert sum(f["properties"]["kind"] == "round" for f in drawn) == len(CREWS)
    english = commander.get("/console/patrol", headers={"Accept-Language": "en"}).content.decode()
    assert "a detour of 1 min" in english


def test_without_a_plan_the_page_says_how_one_comes(home, commander):
    assert "还没有存放方案" in commander.get("/console/patrol").content.decode()
    assert commander.get("/console/patrol/plan.geojson").json()["features"] == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"features": 7}', '{"features": [{"properties": {"round": 1}}]}'])
def test_a_broken_file_is_said_to_be_broken(home, commander, text):
    path = home / "patrol" / "plan.geojson"
    path.parent.mkdir()
    path.write_text(text)
    assert "无法读取" in commander.get("/console/patrol").content.decode()
    assert commander.get("/console/patrol/plan.geojson").json()["features"] == []


def test_it_is_absent_for_those_whose_work_it_is_not(home, town):
    write_plan(demo_city(residents=60), home)
    officer = browser(town.someone("urban_officer", "urban-1").account)
    assert officer.get("/console/patrol").status_code == 404
    assert officer.get("/console/patrol/plan.geojson").status_code == 404
    assert "/console/patrol" not in officer.get("/console/").content.decode()
