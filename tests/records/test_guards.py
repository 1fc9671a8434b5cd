"""What the database itself refuses: changes of the past, wrong links, a simulated clock in production."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from tests.records.parking import START, record, set_clock

from guangyue.records import chain
from guangyue.records.seals.verify import verify

pytestmark = pytest.mark.database
CHANGES = (
    "update journal set body = body", "delete from journal", "truncate journal", "delete from matter", "update tally set amount = 2",
    "update document set code = 'x'", "delete from seal", "update procedure_text set code = 'x'",
)  # fmt: skip


@pytest.fixture
def db(city_database):
    with psycopg.connect(city_database.app, autocommit=True) as connection:
        set_clock(connection, START)
        record(connection)
        yield connection


@pytest.mark.parametrize("who", ["app", "owner"])
def test_the_past_cannot_be_changed(city_database, db, who):
    """The serving role lacks the right; the owner of the tables meets the triggers."""
    with psycopg.connect(getattr(city_database, who), autocommit=True) as one:
        for change in CHANGES if who == "app" else CHANGES[:4]:
            with pytest.raises((errors.InsufficientPrivilege, errors.RaiseException, psycopg.DatabaseError)):
                one.execute(change)
    assert db.execute("select count(*) from journal").fetchone() == (1,)


@pytest.mark.parametrize(("seq", "prev"), [(2, b"x" * 32), (3, None), (1, None)])
def test_an_entry_that_does_not_follow_is_refused(db, seq, prev):
    id_, head = db.execute("select id, head from matter").fetchone()
    body = f'{{"matter":"{id_}","seq":{seq},"kind":"act","act":"a","actor":"x","decided_at":"2026-01-01T00:00:00Z"}}'
    good = chain.link(bytes(head), 2, body.replace(f'"seq":{seq}', '"seq":2'))
    with pytest.raises(psycopg.DatabaseError):
        db.execute(
            "insert into journal (matter_id, seq, body, hash, kind, act, actor, at)"
            " values (%s, %s, %s, %s, 'act', 'a', 'x', '2026-01-01T00:00:00Z')",
            [id_, seq, body, chain.link(prev, seq, body) if prev else good],
        )


def test_a_head_moves_only_to_an_entry_that_is_there(db):
    with pytest.raises(psycopg.DatabaseError, match="wrong_head"):
        db.execute("update matter set seq = 2, head = %s", [b"x" * 32])


def test_verification_tells_that_the_columns_are_no_longer_held_to_the_text(city_database, db):
    with psycopg.connect(city_database.superuser) as root:
        root.execute(
            "create or replace function journal_says(body text, seq integer, kind text, act text, actor text,"
            " at timestamptz, clock bigint) returns boolean language sql as 'select true'"
        )
        found = verify(root, None).findings
    assert ("journal", "schema.column_not_derived") in {(f.chain, f.code) for f in found}


def test_derived_columns_cannot_be_set(city_database, db):
    with psycopg.connect(city_database.superuser, autocommit=True) as root:
        root.execute("set session_replication_role = replica")
        with pytest.raises(errors.CheckViolation):
            root.execute("update journal set act = 'other'")


def test_production_keeps_the_real_time(city_database, db):
    with psycopg.connect(city_database.owner, autocommit=True) as owner:
        with pytest.raises(psycopg.DatabaseError, match="production needs the real time"):
            owner.execute("update installation set kind = 'production'")
        owner.execute("update city_clock set anchor_real = 'epoch', anchor_city = 'epoch', rate = 1")
        owner.execute("update installation set kind = 'production'")
        for change in (
            "update city_clock set rate = 2",
            "update installation set kind = 'demo'",
            "delete from city_clock",
        ):
            with pytest.raises(psycopg.DatabaseError):
                owner.execute(change)
