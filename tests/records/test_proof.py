"""From the act to the court: sealed, verified, proved, and checked by a script that knows nothing of Guangyue."""

from __future__ import annotations

import json
import subprocess
import sys

import psycopg
import pytest
from tests.records.parking import CARRIER, START, act, record, set_clock

from guangyue.records import chain

pytestmark = pytest.mark.database
CHECK = "scripts/proof/check_proof.py"


def guangyue(city, *arguments):
    command = [sys.executable, "-m", "guangyue.cli", "journal", *arguments]
    return subprocess.run(command, env=city.environment(), capture_output=True, text=True, check=False)


def checked(proof, key):
    """The script alone, with an empty environment and isolated from everything installed."""
    command = [sys.executable, "-I", "-S", CHECK, str(proof), "--key", str(key)]
    return subprocess.run(command, env={}, capture_output=True, text=True, check=False)


@pytest.fixture
def sealed(city_database):
    with psycopg.connect(city_database.app, autocommit=True) as db:
        set_clock(db, START)
        matters = [record(db, plate=f"鲁P1234{n}") for n in range(5)]
        for done in matters[:3]:
            act(db, done.matter, "reminder_accepted", CARRIER)
        entry = '{"at":"2026-09-29T08:00:00+00:00","basis":"","matter":null,"purpose":"p","subject":null,"viewer":"a","what":"w"}'
        for _ in range(3):
            db.execute("insert into access_log (body) values (%s)", [entry])
    made = guangyue(city_database, "seal")
    assert made.returncode == 0, made.stderr
    return city_database, [m.id for m in matters]


def test_a_proof_holds_and_every_change_to_it_does_not(sealed, tmp_path):
    city, ids = sealed
    key, path = city.home / "keys" / "seal.pub", tmp_path / "proof.json"
    done = guangyue(city, "prove", str(ids[0]), "1", "--into", str(path))
    assert done.returncode == 0, done.stderr
    fine = checked(path, key)
    assert fine.returncode == 0, fine.stdout + fine.stderr
    proof = json.loads(path.read_text())
    another = json.loads(guangyue(city, "prove", str(ids[1]), "1").stdout)
    changes = {
        "a word of the entry": {"bodies": [proof["bodies"][0].replace("柳园路", "东昌路"), *proof["bodies"][1:]]},
        "an entry left out": {"bodies": proof["bodies"][:1]},
        "another matter": {"chain": f"matter {ids[1]}"},
        "another place": {"seq": 2},
        "another entry's path": {"path": another["path"]},
        "another leaf": {"leaf": another["leaf"]},
        "a root of one's own": {"checkpoint": proof["checkpoint"].replace("\n", "\n ", 1)},
        "a signature of one's own": {"checkpoint": proof["checkpoint"][:-10] + "AAAAAAAA=\n"},
    }
    for what, change in changes.items():
        path.write_text(json.dumps({**proof, **change}))
        said = checked(path, key)
        assert said.returncode in {1, 2}, what
        assert "Traceback" not in said.stderr, what
    path.write_text(json.dumps(proof))
    foreign = tmp_path / "foreign.pub"
    text = key.read_text().strip()
    foreign.write_text(text[:-4] + ("AAA=" if not text.endswith("AAA=") else "BBB="))
    assert checked(path, foreign).returncode != 0, "the key comes from elsewhere, not from the proof"


def test_what_is_not_sealed_yet_is_said_so(sealed):
    city, ids = sealed
    with psycopg.connect(city.app, autocommit=True) as db:
        act(db, str(ids[4]), "reminder_accepted", CARRIER)
    assert "not sealed yet" in guangyue(city, "prove", str(ids[4]), "2").stderr
    assert "does not exist" in guangyue(city, "prove", str(ids[4]), "9").stderr
    said = guangyue(city, "verify")
    assert said.returncode == 0, said.stdout
    assert "1 entries not sealed yet" in said.stdout


def test_a_superuser_who_writes_a_chain_anew_is_found_by_the_exported_seals(sealed):
    """Right links, right head, right derived columns: nothing inside the database gives it away but the seal."""
    city, ids = sealed
    assert guangyue(city, "verify").returncode == 0
    with psycopg.connect(city.superuser, autocommit=True) as root:
        root.execute("set session_replication_role = replica")
        body = root.execute("select body from journal where matter_id = %s and seq = 1", [ids[3]]).fetchone()[0]
        forged = body.replace("柳园路", "东昌路")
        head = chain.link(chain.matter_genesis(ids[3]), 1, forged)
        root.execute("update journal set body = %s, hash = %s where matter_id = %s", [forged, head, ids[3]])
        root.execute("update matter set head = %s where id = %s", [head, ids[3]])
    said = guangyue(city, "verify", "--all")
    assert said.returncode == 1
    assert f"matter {ids[3]}" in said.stdout
    with psycopg.connect(city.superuser, autocommit=True) as root:
        root.execute("set session_replication_role = replica")
        root.execute("truncate seal, seal_leaf, seal_node")
    assert guangyue(city, "verify").returncode == 1, "without its seals the exported ones speak"


def test_a_reading_that_was_struck_out_is_missed(sealed):
    city, _ = sealed
    with psycopg.connect(city.superuser, autocommit=True) as root:
        assert root.execute("select count(*), count(hash) from access_log").fetchone() == (3, 3)
        root.execute("set session_replication_role = replica")
        root.execute("delete from access_log where seq = 2")
    said = guangyue(city, "verify")
    assert said.returncode == 1
    assert "access 2026-09-29" in said.stdout
