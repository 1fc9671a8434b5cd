"""A backup brings everything back, and says so when it cannot."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import psycopg
import pytest
from bench.records_fill import fill

from guangyue.records.evidence.store import FolderStore
from guangyue.records.postgres import OWNER_ROLE

pytestmark = pytest.mark.database


def guangyue(environment, *arguments):
    command = [sys.executable, "-m", "guangyue", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def living(city_database):
    """A city with matters, a journal and evidence."""
    fill(city_database.superuser, matters=40, entries=3)
    store = FolderStore(city_database.home / "evidence")
    for n in range(5):
        content = b"photograph %d" % n * 1000
        name = hashlib.sha256(content).hexdigest()
        draft = store.scratch() / name
        draft.write_bytes(content)
        store.put(draft, name)
        with psycopg.connect(city_database.superuser) as db:
            db.execute(
                "insert into evidence_blob (sha256, size, media_type, offset_assumed, details, stored_at)"
                " values (%s, %s, 'image/jpeg', false, '{}', now())",
                (name, len(content)),
            )
    return city_database


@pytest.fixture
def empty(living, postgres, tmp_path):
    """The environment of a new installation with an empty database."""
    name = f"{living.name}_restored"
    with psycopg.connect(postgres.dsn(), autocommit=True) as db:
        db.execute(f'create database "{name}" owner "{OWNER_ROLE}"')
    home = tmp_path / "new"
    changed = {
        "DATABASE_OWNER_URL": postgres.dsn(name, OWNER_ROLE),
        "DATABASE_URL": postgres.dsn(name),
        "GUANGYUE_HOME": str(home),
    }
    return living.environment() | changed


def digest(dsn: str) -> tuple:
    with psycopg.connect(dsn) as db:
        return db.execute(
            "select (select md5(string_agg(body || encode(hash, 'hex'), '' order by matter_id, seq)) from journal),"
            " (select md5(string_agg(m::text, '' order by id)) from matter m)"
        ).fetchone()


def test_a_restore_brings_everything_back_into_an_empty_installation(living, empty, tmp_path):
    folder = tmp_path / "backup"
    made = guangyue(living.environment(), "backup", "make", str(folder))
    assert made.returncode == 0, made.stderr
    assert "40 matters, 120 entries, 5 pieces of evidence" in made.stdout
    assert guangyue(living.environment(), "backup", "check", str(folder)).stdout.startswith("sound")

    restored = guangyue(empty, "backup", "restore", str(folder))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert digest(empty["DATABASE_URL"]) == digest(living.superuser)
    names = list(FolderStore(living.home / "evidence").names())
    assert list(FolderStore((tmp_path / "new") / "evidence").names()) == names

    with psycopg.connect(empty["DATABASE_URL"]) as db, pytest.raises(psycopg.DatabaseError, match="append_only"):
        db.execute("delete from journal")  # the guards came back too


def test_a_second_backup_into_the_same_folder_copies_only_what_is_new(living, tmp_path):
    folder = tmp_path / "backup"
    guangyue(living.environment(), "backup", "make", str(folder))
    again = guangyue(living.environment(), "backup", "make", str(folder))
    assert again.returncode == 0
    assert "evidence 1" not in again.stderr


@pytest.mark.parametrize("harm", ["dump", "evidence", "manifest"])
def test_a_harmed_backup_is_refused_with_the_reason(living, empty, tmp_path, harm):
    folder = tmp_path / "backup"
    guangyue(living.environment(), "backup", "make", str(folder))
    if harm == "dump":
        path, words = folder / "database.dump", "database.dump is not the file"
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif harm == "evidence":
        path, words = next(p for p in (folder / "evidence").rglob("*") if p.is_file()), "was changed"
        path.chmod(0o600)
        path.write_bytes(b"another picture")
    else:
        path, words = folder / "manifest.json", "holds no backup"
        path.unlink()
    for command, environment in (("check", living.environment()), ("restore", empty)):
        answer = guangyue(environment, "backup", command, str(folder))
        assert answer.returncode == 1
        assert words in answer.stderr


def test_a_restore_never_touches_a_database_that_is_not_empty(living, tmp_path):
    folder = tmp_path / "backup"
    guangyue(living.environment(), "backup", "make", str(folder))
    before = digest(living.superuser)
    answer = guangyue(living.environment(), "backup", "restore", str(folder))
    assert answer.returncode == 1
    assert "not empty" in answer.stderr
    assert digest(living.superuser) == before


def test_a_restore_that_differs_from_its_manifest_says_so(living, empty, tmp_path):
    folder = tmp_path / "backup"
    guangyue(living.environment(), "backup", "make", str(folder))
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["rows"]["journal"] += 1
    path.write_text(json.dumps(manifest))
    answer = guangyue(empty, "backup", "restore", str(folder))
    assert answer.returncode == 1
    assert "differs" in answer.stderr
