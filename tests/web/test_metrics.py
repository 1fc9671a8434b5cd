"""``/metrics``: read by the official parser, true, for operators alone, and without anybody's data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from tests.web.sessions import browser

from guangyue.records.database import db as raw_db
from guangyue.records.outbox import enqueue
from guangyue.web.metrics.reading import backup_made_at

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TOKEN = "a-collector-of-figures"


@pytest.fixture
def ask(monkeypatch):
    monkeypatch.setenv("GUANGYUE_METRICS_TOKEN", TOKEN)

    def asked() -> tuple[dict, str]:
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("application/openmetrics-text")
        said = answer.content.decode()
        samples = {}
        for family in text_string_to_metric_families(said):
            for s in family.samples:
                samples[s.name, frozenset(s.labels.items())] = s.value
        return samples, said

    return asked


def value(samples, name, **labels):
    return samples.get((f"guangyue_{name}", frozenset(labels.items())), 0)


def test_requests_and_commands_are_counted_by_route_and_never_by_address(ask, town):
    before, _ = ask()
    officer = town.someone("urban_officer", "urban-1")
    made = officer.post("/api/matters", town.opening(officer, "鲁P7K7K7"))
    assert made.status_code == 201, made.content
    ref = made.json()["id"]
    assert officer.get(f"/api/matters/{ref}").status_code == 200
    assert officer.get("/api/matters/987654321").status_code == 404
    after, said = ask()

    def grown(name, **labels):
        return value(after, name, **labels) - value(before, name, **labels)

    assert grown("requests_total", route="api:open_matter", method="POST", status="201") == 1
    assert grown("requests_total", route="api:show_matter", method="GET", status="200") == 1
    assert grown("requests_total", route="api:show_matter", method="GET", status="404") == 1
    assert grown("request_seconds_count", route="api:open_matter") == 1
    assert grown("commands_total", outcome="done") == 1
    for secret in ("鲁P7K7K7", "987654321", "柳园路", officer.account.username):
        assert secret not in said


def test_what_waits_and_what_is_late_shows(ask, town):
    raw = raw_db()
    enqueue(raw, "sms", "m-1", {"zh": "x"})
    raw.execute("update outbox set made_at = city_now() - interval '90 seconds'")
    enqueue(raw, "sms", "m-2", {"zh": "x"})
    raw.execute("update outbox set dead_at = city_now() where key = 'm-2'")
    raw.execute(
        "insert into alarm (kind, count, since, seen_at) values ('outbox.dead', 1, city_now(), city_now())"
        " on conflict (kind) do update set count = 1, cleared_at = null"
    )
    samples, _ = ask()
    assert value(samples, "outbox_waiting", channel="sms") == 1
    assert value(samples, "outbox_dead", channel="sms") == 1
    assert 89 <= value(samples, "outbox_oldest_seconds", channel="sms") <= 300
    assert value(samples, "alarm", kind="outbox.dead") == 1
    assert value(samples, "database_up") == 1
    assert value(samples, "database_connections") >= 1
    assert value(samples, "database_bytes") > 1_000_000
    assert value(samples, "disk_free_bytes", place="home") > 0


def test_nobody_else_finds_anything_there(town, monkeypatch):
    monkeypatch.setenv("GUANGYUE_METRICS_TOKEN", TOKEN)
    assert Client().get("/metrics").status_code == 404
    for wrong in ("", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}"):
        assert Client().get("/metrics", headers={"Authorization": wrong}).status_code == 404
    monkeypatch.setenv("GUANGYUE_METRICS_TOKEN", "short")
    assert Client().get("/metrics", headers={"Authorization": "Bearer short"}).status_code == 404
    assert browser(town.someone("urban_officer", "urban-1").account).get("/metrics").status_code == 404
    assert browser(town.someone("system_admin", "urban").account).get("/metrics").status_code == 200


def test_a_token_in_a_file_does_as_well(monkeypatch, tmp_path):
    kept = tmp_path / "token"
    kept.write_text(f"{TOKEN}\n")
    monkeypatch.delenv("GUANGYUE_METRICS_TOKEN", raising=False)
    monkeypatch.setenv("GUANGYUE_METRICS_TOKEN_FILE", str(kept))
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_several_processes_are_added_up_and_the_dead_hold_no_streams(tmp_path):
    """What one process counted is in what another one says; open streams of a killed process are not."""
    script = (
        "import os, signal, sys, django; django.setup()\n"
        "from guangyue.web.metrics import counting\n"
        "counting.COMMANDS.labels('done').inc(3); counting.STREAMS.inc(2); print('counted', flush=True)\n"
        "if os.environ['ROLE'] == 'dies': os.kill(os.getpid(), signal.SIGKILL)\n"
        "if os.environ['ROLE'] == 'stays': sys.stdin.read(); sys.exit()\n"
        "from prometheus_client import CollectorRegistry\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "counting.tidy()\n"
        "r = CollectorRegistry(); MultiProcessCollector(r, path=str(counting.FOLDER))\n"
        "print(r.get_sample_value('guangyue_commands_total', {'outcome': 'done'}), r.get_sample_value('guangyue_stream_clients'))\n"
    )
    environment = os.environ | {"GUANGYUE_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, env=environment | {"ROLE": "stays"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as stays:
        assert stays.stdout.readline() == "counted\n"
        died = subprocess.run(command, env=environment | {"ROLE": "dies"}, capture_output=True, check=False)
        assert died.returncode == -9
        asks = subprocess.run(command, env=environment | {"ROLE": "asks"}, capture_output=True, text=True, check=False)
        stays.stdin.close()
    assert asks.returncode == 0, asks.stderr[-2000:]
    assert asks.stdout.split() == ["counted", "9.0", "4.0"]
    alone = subprocess.run(command, env=environment | {"ROLE": "asks"}, capture_output=True, text=True, check=False)
    assert alone.stdout.split() == ["counted", "3.0", "2.0"], "a whole installation that starts anew begins at nought"


def test_only_a_finished_backup_counts_and_the_newest_of_them(tmp_path):
    assert backup_made_at(tmp_path) is None
    now = datetime.now(UTC)
    for name, days in (("monday", 3), ("tuesday", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(
            json.dumps({"made_at": (now - timedelta(days=days)).isoformat()})
        )
    (tmp_path / "wednesday").mkdir()
    (tmp_path / "wednesday" / "manifest.draft").write_text("{}")
    assert backup_made_at(tmp_path) == now - timedelta(days=2)
