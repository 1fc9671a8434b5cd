"""One command, one transaction: what it leaves in every table, and what it leaves when it is refused."""

from __future__ import annotations

import dataclasses
import json
import threading
import uuid

import psycopg
import pytest
from psycopg import sql
from tests.records.parking import CARRIER, OFFICER, PARKING, REVIEWER, START, act, advance, photo, record, set_clock

from guangyue.kernel import Refusal, matter_data, read_entry, replay
from guangyue.records.commands import Done, IdempotencyError, NoSuchMatterError
from guangyue.records.commands.tables import TABLES
from guangyue.records.commands.wire import Wire
from guangyue.records.seals.verify import verify

pytestmark = pytest.mark.database


@pytest.fixture
def db(city_database):
    with psycopg.connect(city_database.app, autocommit=True) as connection:
        set_clock(connection, START)
        yield connection


def count(db, table):
    return db.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()[0]


def test_an_opening_leaves_a_matter_an_entry_a_clock_and_a_message(db):
    done = record(db, key="k1")
    assert (done.state, done.seq, done.closed) == ("noticed", 1, False)
    row = db.execute("select ref, state, holder, agency, seq, due_at, opened_at, snapshot from matter").fetchone()
    assert row[:5] == (done.matter, "noticed", "urban-03", "urban", 1)
    assert row[5] is not None, "the reach clock runs"
    assert row[6] == START
    assert row[7]["fields"]["plate"] == "鲁P12345"
    assert db.execute("select key, status from deadline").fetchall() == [("reach", "pending")]
    channel, key, payload = db.execute("select channel, key, payload from outbox").fetchone()
    assert (channel, key) == ("sms", f"{done.matter}#1:remind")
    assert payload["zh"] == "您的车辆鲁P12345停放在柳园路，请在10分钟内驶离。"
    assert db.execute("select unit from involvement").fetchall() == [("urban-03",)]
    assert db.execute("select code, version from procedure_text").fetchall() == [("bench.parking", 1)]


def test_the_journal_folds_to_the_stored_matter_and_is_sound(db):
    done = record(db)
    act(db, done.matter, "reminder_accepted", CARRIER)
    advance(db, minutes=4)
    gone = act(db, done.matter, "gone", OFFICER)
    assert isinstance(gone, Done)
    assert (gone.state, gone.closed) == ("left", True)
    bodies = [json.loads(b) for (b,) in db.execute("select body from journal order by seq")]
    matter = replay(read_entry(b, PARKING) for b in bodies)
    assert db.execute("select snapshot from matter").fetchone()[0] == matter_data(matter)
    assert db.execute("select closed_at, due_at from matter").fetchone() == (START.replace(minute=4), None)
    assert dict(db.execute("select key, status from deadline").fetchall()) == {
        "reach": "cancelled",
        "grace": "cancelled",
    }
    assert db.execute("select figure, amount, unit from tally").fetchall() == [("reminders", 1, "urban-03")]
    with db.transaction():
        assert verify(db, None).findings == []


def test_a_refusal_says_all_and_changes_nothing(db):
    done = record(db)
    before = [count(db, t) for t in ("journal", "deadline", "outbox", "command", "tally")]
    refused = act(db, done.matter, "approve", OFFICER, key="k")
    assert isinstance(refused, Refusal)
    assert {"who.not_you", "state.wrong"} & refused.codes or len(refused.reasons) >= 2
    assert [count(db, t) for t in ("journal", "deadline", "outbox", "command", "tally")] == before


def test_the_same_key_acts_once_and_answers_the_same(db):
    first = record(db, key="same", at=START)
    again = record(db, key="same", at=START)
    assert again.replayed
    assert not first.replayed
    assert (again.matter, again.entries) == (first.matter, first.entries)
    assert count(db, "matter") == 1
    with pytest.raises(IdempotencyError):
        record(db, key="same", plate="鲁P99999", at=START)


def test_five_at_once_with_one_key_act_once(city_database, db):
    """The same request from an impatient phone, five times at the same moment."""
    answers: list[Done] = []

    def ask():
        with psycopg.connect(city_database.app, autocommit=True) as own:
            answers.append(record(own, key="impatient", at=START))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len({a.matter for a in answers}) == 1
    assert sorted(a.replayed for a in answers) == [False, True, True, True, True]
    assert count(db, "matter") == count(db, "journal") == 1


def test_two_officers_at_once_one_comes_second(city_database, db):
    done = record(db)
    act(db, done.matter, "reminder_accepted", CARRIER)
    answers = []

    def ask():
        with psycopg.connect(city_database.app, autocommit=True) as own:
            answers.append(act(own, done.matter, "gone", OFFICER))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(type(a).__name__ for a in answers) == ["Done", "Refusal", "Refusal", "Refusal"]


def test_a_matter_that_does_not_exist(db):
    with pytest.raises(NoSuchMatterError):
        act(db, "999", "gone", OFFICER)


def test_a_lapse_that_nobody_fired_yet_is_settled_before_the_act(db):
    """The officer comes before the runner: the clock's entry precedes his, and passes the once-only gate."""
    done = record(db)
    act(db, done.matter, "reminder_accepted", CARRIER)
    advance(db, minutes=11)
    now = START.replace(minute=11)
    still = act(db, done.matter, "still_there", OFFICER, evidence=(photo(now, "second", "b"),))
    assert isinstance(still, Done), still
    assert still.state == "in_review"
    acts = db.execute("select act, kind, deadline_id is not null from journal order by seq").fetchall()
    assert acts[2:] == [("grace", "lapse", True), ("still_there", "act", False)]
    assert still.numbers == {"slip": "TS-urban-03-20260929-0001"}
    assert db.execute("select code, number, facts from document").fetchone() == (
        "slip", "TS-urban-03-20260929-0001", {"plate": "鲁P12345", "street": "柳园路"},
    )  # fmt: skip
    assert db.execute("select holder from matter").fetchone() == ("traffic_police",)
    approved = act(db, done.matter, "approve", REVIEWER)
    assert isinstance(approved, Done), approved
    assert db.execute("select payload from outbox where channel = 'traffic_platform'").fetchone()[0]["fields"] == {
        "plate": "鲁P12345"
    }


def test_numbers_have_no_gaps_when_a_command_fails(db):
    """A number taken by a transaction that is rolled back is given again."""
    from guangyue.records.numbers import next_number

    assert next_number(db, "slip", "u", "d") == 1
    with pytest.raises(ZeroDivisionError), db.transaction():
        assert next_number(db, "slip", "u", "d") == 2
        raise ZeroDivisionError
    assert next_number(db, "slip", "u", "d") == 2
    assert next_number(db, "slip", "u", "next day") == 1


def test_time_of_one_matter_never_runs_backwards(db):
    done = record(db)
    set_clock(db, START.replace(hour=7))  # the machine's clock was put back an hour
    act(db, done.matter, "reminder_accepted", CARRIER)
    at = [row[0] for row in db.execute("select at from journal order by seq")]
    assert at == sorted(at)


def test_evidence_becomes_the_matters_with_the_act_or_not_at_all(db, city_database):
    """The row of the evidence changes in the command's own transaction; a refusal leaves it as it was."""
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    with psycopg.connect(city_database.superuser, autocommit=True) as root:
        root.execute("set session_replication_role = replica")
        for id_, matter in ((one, None), (other, 99)):
            root.execute(
                "insert into evidence_evidence (id, blob_id, uploader_id, matter_id, device, name, captured_sha256,"
                " received_at, disposed_for) values (%s, %s, 1, %s, '', '', '', now(), '')",
                [id_, "a" * 64, matter],
            )
    owner = "select matter_id from evidence_evidence order by matter_id nulls first"
    assert isinstance(act(db, record(db).matter, "approve", REVIEWER, handed_in=(one,)), Refusal)
    assert db.execute(owner).fetchall() == [(None,), (99,)]
    done = record(db, handed_in=(one, other))
    assert db.execute(owner).fetchall() == [(done.id,), (99,)], "what is another matter's stays its own"


def test_a_connection_that_forgot_its_statements_learns_them_anew(db):
    done = record(db)
    db.execute("deallocate all")
    assert isinstance(act(db, done.matter, "reminder_accepted", CARRIER), Done)


def test_one_row_and_many_are_written_alike(db):
    """The same rows, one by one and as one document, for every table a decision writes."""
    values = {
        "bigint": 7, "int": -3, "text": "鲁\"P\\'{}\n", "bytea": "\\x00ff", "jsonb": {"a": ["é", None, True]},
        "timestamptz": "2026-09-29T08:00:00.123456+00:00", "boolean": True, "uuid": str(uuid.uuid4()),
    }  # fmt: skip
    for table in TABLES:
        kinds = dict(c.split(maxsplit=1) for c in table.columns.replace("\n", " ").split(", "))
        rows = [{name: values[kind] for name, kind in kinds.items()}, dict.fromkeys(kinds)]
        select = dataclasses.replace(table, name=f"{table.name}_test", write="select r.* from {rows}")
        wire = Wire(db)
        single = wire.begin([select.writing(rows[:1]), select.writing(rows[1:])])
        many = wire.read([select.writing(rows)])
        wire.give_up()
        assert [*single[0], *single[1]] == many[0], table.name
        assert None not in many[0][0]
