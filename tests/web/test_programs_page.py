"""The page of programs: for administrators, true to what the supervisor noted, and plain when there is none."""

from __future__ import annotations

import json
import time

import pytest
from tests.web.sessions import browser

from guangyue.serve.state import NAME

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def noted(tmp_path, monkeypatch):
    monkeypatch.setenv("GUANGYUE_HOME", str(tmp_path))

    def note(*, age=0.0, up=True, **phases):
        programs = [
            {
                "key": key, "title": "网页 · pages", "phase": phase, "since": time.time() - 60, "pid": 7, "starts": 2, "failures": 1,
                "last_end": "signal SIGKILL", "details": {},
            }
            for key, phase in phases.items()
        ]  # fmt: skip
        said = {"pid": 1, "at": time.time() - age, "up": up, "ending": False, "address": "x", "programs": programs}
        (tmp_path / NAME).write_text(json.dumps(said))

    return note


def shown(town, role="system_admin"):
    return browser(town.someone(role, "urban").account).get("/health/programs")


def test_administrators_see_every_program(town, noted):
    noted(web="ready", runner="paused", up=False)
    answer = shown(town)
    text = answer.content.decode()
    assert answer.status_code == 503, "a probe sees it too"
    assert "运行中" in text
    assert "自行退出，稍后重启" in text
    assert "signal SIGKILL" in text
    noted(web="ready")
    assert shown(town).status_code == 200


def test_a_silent_supervisor_is_told(town, noted):
    noted(age=60, web="ready")
    answer = shown(town)
    assert answer.status_code == 503
    assert "没有回音" in answer.content.decode()


def test_where_none_runs_the_page_says_where_to_look(town, noted):
    answer = shown(town)
    assert answer.status_code == 200
    assert "没有值守进程" in answer.content.decode()


def test_others_do_not_find_it(town, noted):
    noted(web="ready")
    assert shown(town, "urban_officer").status_code == 404
    assert browser(None).get("/health/programs").status_code == 302


def test_liveness_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json()["ok"] is True
