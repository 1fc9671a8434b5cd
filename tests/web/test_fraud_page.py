"""The replay of a day: nothing after the moment is shown, the clock plays on, unknown residents are not there."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.web.fraud_days import BEGIN, DAY, warning
from tests.web.sessions import browser

from guangyue.engines.fraud.sources import SOURCES
from guangyue.records.database import db
from guangyue.web.console.fraud_day import case_of, read_day, until
from guangyue.web.console.fraud_words import CHOICES


def at(hours):
    return BEGIN + timedelta(hours=hours)


def test_nothing_after_the_moment_is_told():
    early = until(DAY, at(10), timedelta(minutes=15))
    assert [(w.person, w.count, w.fresh) for w in early.warnings] == [("abc123def", 2, False)]
    assert [c.value for c in early.counts] == [0, 1, 0, 0]
    late = until(DAY, at(15.1), timedelta(minutes=15))
    assert [(w.at, w.fresh) for w in late.warnings] == [(at(15), True), (at(14), False), (at(9), False)]
    assert late.persons == 2


def test_a_time_line_is_in_order_and_says_the_lead():
    steps = case_of(DAY, "abc123def", at(24)).steps
    assert [s.kind for s in steps] == ["truth", "record", "warning", "warning", "record", "truth"]
    assert case_of(DAY, "abc123def", at(24)).lead.en.startswith("First urgent or high warning 420 minutes before")
    assert case_of(DAY, "abc123def", at(15)).lead is None, "the money had not left by then"
    assert [s.kind for s in case_of(DAY, "abc123def", at(8)).steps] == ["truth", "record"]
    assert case_of(DAY, "nobody", at(24)) is None


def test_a_warning_after_the_money_is_called_late():
    late = DAY | {"warnings": [warning(20, "abc123def", "urgent")]}
    assert "晚于" in case_of(late, "abc123def", at(24)).lead.zh


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "guangyue.fraud.day/0"}'])
def test_a_file_that_is_no_day_is_no_day(tmp_path, text):
    (tmp_path / "day.json").write_text(text, encoding="utf-8")
    assert read_day(tmp_path / "day.json") is None


def test_every_code_of_a_source_has_its_chinese_word():
    codes = {choice for source in SOURCES for column in source.columns for choice in column.choices}
    assert codes - set(CHOICES) == set()


@pytest.mark.database
@pytest.mark.django_db
def test_the_page_plays_the_day_and_tells_one_case(town, settings, tmp_path):
    settings.GUANGYUE_HOME = tmp_path
    analyst = town.someone("fraud_analyst", "traffic-1").account
    client = browser(analyst)
    assert "guangyue fraud day" in client.get("/console/fraud").content.decode()
    (tmp_path / "fraud").mkdir()
    (tmp_path / "fraud" / "day.json").write_text(json.dumps(DAY), encoding="utf-8")
    quiet = client.get("/console/fraud?at=08:00").content.decode()
    assert "到这一刻还没有预警" in quiet
    playing = client.get("/console/fraud?at=08:50&play=15")
    assert playing["Refresh"] == "2; url=?at=09%3A05&play=15"
    assert "Refresh" not in client.get("/console/fraud?at=23:59&play=15")
    assert "Refresh" not in client.get("/console/fraud?at=nonsense&play=7")
    case = client.get("/console/fraud?person=abc123def").content.decode()
    assert "事后查明" in case
    assert client.get("/console/fraud?person=f00").status_code == 404
    looks = db().execute("select viewer, purpose, what from access_log where purpose = 'fraud replay'").fetchall()
    assert looks == [(f"account:{analyst.pk}", "fraud replay", "time line of abc123def until 2026-03-02 23:59")]
    stranger = browser(town.someone("urban_officer", "urban-1").account)
    for path in ("/console/fraud", "/console/fraud?person=abc123def"):
        assert stranger.get(path).status_code == 404, "the day is for those who judge warnings"
    assert "/console/fraud" not in stranger.get("/console/").content.decode()
    assert "/console/fraud" in client.get("/console/").content.decode()
