"""Migrations on a database that is in use: all at once and one by one end in the same place, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from bench.records_fill import fill
from tests.records.parking import CARRIER, START, act, record, set_clock

from guangyue.records import chain
from guangyue.records.commands import Done
from guangyue.records.postgres import APP_ROLE, OWNER_ROLE
from guangyue.records.postgres.binaries import find
from guangyue.records.postgres.private import prepare
from guangyue.records.seals.verify import verify

pytestmark = pytest.mark.database
OLD = "0002_models"
NEWER = sorted(p.stem for p in Path("src/guangyue/records/migrations").glob("0*.py") if p.stem > OLD) or pytest.skip(
    "nothing newer", allow_module_level=True
)
SHA256 = "ab" * 32


def migrate(cluster, name, home, *target):
    environment = os.environ | {
        "DATABASE_URL": cluster.dsn(name, APP_ROLE), "DATABASE_OWNER_URL": cluster.dsn(name, OWNER_ROLE),
        "GUANGYUE_HOME": str(home), "GUANGYUE_DB_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "guangyue.web.settings",
        "PYTHONPATH": "src",
    }  # fmt: skip
    command = (
        [sys.executable, "-m", "django", "migrate", *target]
        if target
        else [sys.executable, "-m", "guangyue.cli", "db", "migrate"]
    )
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def in_use(dsn):
    """As an older version left it: matters with journals, involvements, a photograph that a journal names."""
    fill(dsn, matters=1500, entries=3, deadlines=True)
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("insert into involvement (unit, matter_id, since) select holder, id, updated_at from matter")
        db.execute("set session_replication_role = replica")
        body = (
            '{"act":"record","actor":"17","decided_at":"2026-09-29T08:00:00.000000Z","evidence":[{"kind":"photo",'
            f'"set":"first","sha256":"{SHA256}"}}],"kind":"act","matter":"9001","seq":1}}'
        )
        head = chain.link(chain.matter_genesis(9001), 1, body)
        db.execute(
            "insert into journal (matter_id, seq, body, hash, kind, act, actor, at)"
            " values (9001, 1, %s, %s, 'act', 'record', '17', '2026-09-29T08:00:00Z')",
            [body, head],
        )
        db.execute(
            "insert into matter (id, ref, procedure, version, state, snapshot, opened_at, updated_at, seq, head)"
            " values (9001, '9001', 'x', 1, 'noticed', '{}', now(), now(), 1, %s)",
            [head],
        )
        db.execute("select setval(pg_get_serial_sequence('matter', 'id'), 9001)")


def schema(cluster, name):
    """What the database looks like, without what every dump writes anew."""
    command = [find().program("pg_dump"), "--schema-only", "--no-owner", f"--dbname={cluster.dsn(name)}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    kept = [line for line in text.splitlines() if not line.startswith(("--", "\\restrict", "\\unrestrict"))]
    return sorted(line.rstrip(",") for line in kept if line)


def contents(dsn):
    with psycopg.connect(dsn) as db:
        return [
            db.execute(q).fetchone() for q in (
                "select count(*), count(distinct head), max(ref) from matter", "select count(*), max(seq) from journal",
                ("select count(*), count(*) filter (where i.opened_at = m.opened_at)"
                " from involvement i join matter m on m.id = i.matter_id"),
                "select count(*), min(sha256), min(matter_id) from piece", "select count(*) from deadline",
            )
        ]  # fmt: skip


def test_one_step_and_many_steps_agree_and_work_goes_on(postgres, city_template, tmp_path):
    names = {"one": "migrated_at_once", "many": "migrated_step_by_step"}
    for how, name in names.items():
        prepare(postgres, name)
        migrate(postgres, name, tmp_path, "records", OLD)
        in_use(postgres.dsn(name))
        if how == "many":
            for step in NEWER:
                migrate(postgres, name, tmp_path, "records", step)
        migrate(postgres, name, tmp_path)
    assert schema(postgres, names["one"]) == schema(postgres, names["many"]) == schema(postgres, city_template.name)
    one, many = (contents(postgres.dsn(name)) for name in names.values())
    assert one == many
    assert one[2] == (1500, 1500), "every involvement knows when its matter was opened"
    assert one[3] == (1, SHA256, 9001), "the photograph that an old journal names is found"
    with psycopg.connect(postgres.dsn(names["one"], APP_ROLE), autocommit=True) as db:
        set_clock(db, START)
        done = record(db)
        assert isinstance(act(db, done.matter, "reminder_accepted", CARRIER), Done)
        with db.transaction():
            report = verify(db, None)
        assert [f for f in report.findings if f.chain != "log"] == []
        assert report.entries == 1500 * 3 + 1 + 2
