"""The runner: every clock once, at its time, whatever else happens."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import psycopg
import pytest
from tests.records.parking import CARRIER, LIBRARY, OFFICER, PARKING, START, act, advance, record, set_clock

from guangyue.kernel import Refusal
from guangyue.records.commands import Done
from guangyue.records.deadlines import Runner, fire_due, health
from guangyue.records.deadlines.health import raise_alarms
from guangyue.records.library import Library
from guangyue.records.seals.verify import verify

pytestmark = pytest.mark.database


@pytest.fixture
def db(city_database):
    with psycopg.connect(city_database.app, autocommit=True) as connection:
        set_clock(connection, START)
        yield connection


@pytest.fixture
def waiting(db):
    """Five matters whose owner was reminded; the grace runs out ten minutes later."""
    refs = [record(db, plate=f"鲁P1000{n}").matter for n in range(5)]
    for ref in refs:
        act(db, ref, "reminder_accepted", CARRIER)
    return refs


def states(db):
    return [row[0] for row in db.execute("select state from matter order by id")]


@pytest.mark.parametrize(("seconds", "fired"), [(599, 0), (600, 0), (601, 5)])
def test_a_clock_fires_after_its_last_instant_and_not_before(db, waiting, seconds, fired):
    """Leaving at ten minutes to the second is still in time (ST-03)."""
    advance(db, seconds=seconds)
    assert fire_due(db, LIBRARY).fired == fired
    assert states(db) == (["overdue"] * 5 if fired else ["reminded"] * 5)
    assert fire_due(db, LIBRARY).fired == 0, "never twice"
    assert db.execute("select count(*) from journal where deadline_id is not null").fetchone() == (fired,)
    with db.transaction():
        assert verify(db, None).sound


def test_a_clock_stopped_in_time_never_fires(db, waiting):
    advance(db, minutes=9)
    assert isinstance(act(db, waiting[0], "gone", OFFICER), Done)
    advance(db, minutes=9)
    assert fire_due(db, LIBRARY).fired == 4
    assert states(db)[0] == "left"


def test_what_was_seen_in_time_undoes_the_lapse_and_the_clock_is_done(db, waiting):
    """Seen at nine minutes, synced at twelve: the lapse is undone by a journaled entry (two times per command)."""
    advance(db, minutes=12)
    assert fire_due(db, LIBRARY).fired == 5
    done = act(db, waiting[0], "gone", OFFICER, observed_at=START + timedelta(minutes=9))
    assert isinstance(done, Done), done
    assert done.state == "left"
    kinds = db.execute(
        "select kind from journal j join matter m on m.id = j.matter_id where m.ref = %s order by j.seq", [waiting[0]]
    )
    assert [k for (k,) in kinds] == ["act", "act", "lapse", "reinstated", "act"]
    assert db.execute("select sum(amount) from tally where figure = 'overstayed'").fetchone() == (4,)
    assert fire_due(db, LIBRARY).fired == 0
    with db.transaction():
        assert verify(db, None).sound


def test_a_matter_in_use_is_stepped_over_and_taken_up_later(city_database, db, waiting):
    advance(db, minutes=11)
    with psycopg.connect(city_database.app) as busy:
        busy.execute("select 1 from matter where ref = %s for update", [waiting[2]])
        assert fire_due(db, LIBRARY).fired == 4
        busy.rollback()
    assert fire_due(db, LIBRARY).fired == 1


def test_a_poisonous_matter_blocks_nobody_and_is_shown(db, waiting, city_database):
    """One matter's snapshot is beyond reading: the others fire, it waits with growing pauses and raises an alarm."""
    with psycopg.connect(city_database.superuser, autocommit=True) as root:
        root.execute("update matter set snapshot = '{\"fields\": {}}' where ref = %s", [waiting[1]])
    advance(db, minutes=11)
    done = fire_due(db, LIBRARY)
    assert (done.fired, done.failed) == (4, 1)
    attempts, error, pause = db.execute(
        "select attempts, last_error, next_attempt_at - city_now() from deadline where attempts > 0"
    ).fetchone()
    assert attempts == 1
    assert "KeyError" in error
    assert timedelta() < pause <= timedelta(seconds=2)
    assert fire_due(db, LIBRARY).seen == 0, "not before its pause is over"
    advance(db, seconds=3)
    assert fire_due(db, LIBRARY).failed == 1
    assert db.execute("select next_attempt_at - city_now() from deadline where attempts > 0").fetchone()[0] > pause
    assert raise_alarms(db).failing == 1
    assert db.execute("select count from alarm where kind = 'deadline.failing' and cleared_at is null").fetchone() == (
        1,
    )


def test_what_the_database_refuses_hits_only_the_culprit(db, waiting, city_database):
    """A write that fails spoils its run; the run is then taken clock by clock."""
    with psycopg.connect(city_database.superuser, autocommit=True) as root:
        culprit = int(waiting[3])
        root.execute(f"alter table matter add constraint poison check (id <> {culprit} or state <> 'overdue')")
    advance(db, minutes=11)
    done = fire_due(db, LIBRARY)
    assert (done.fired, done.failed) == (4, 1)
    assert "poison" in db.execute("select last_error from deadline where attempts > 0").fetchone()[0]
    assert states(db).count("overdue") == 4


def test_a_runner_without_the_desk_reads_the_kept_procedure(db, waiting):
    """A matter stays on the version that opened it, even when the code no longer has it."""
    advance(db, minutes=11)
    assert fire_due(db, Library()).fired == 5


def test_a_procedure_nobody_keeps_is_a_failure_of_its_own_matters(db, waiting, city_database):
    with psycopg.connect(city_database.superuser, autocommit=True) as root:
        root.execute("update matter set version = 9 where ref = %s", [waiting[0]])
    advance(db, minutes=11)
    done = fire_due(db, LIBRARY)
    assert (done.fired, done.failed) == (4, 1)


def test_overdue_clocks_raise_an_alarm_that_clears(db, waiting):
    advance(db, minutes=10, seconds=4)
    assert raise_alarms(db).well
    advance(db, seconds=2)
    found = raise_alarms(db)
    assert (found.overdue, found.well) == (5, False)
    assert db.execute("select cleared_at is null from alarm where kind = 'deadline.overdue'").fetchone() == (True,)
    fire_due(db, LIBRARY)
    assert raise_alarms(db).well
    assert db.execute("select cleared_at is not null, count from alarm").fetchone() == (True, 0)


def test_two_runners_and_an_officer_on_the_same_matters(city_database, db):
    """Everybody at once, city time running: each clock is either stopped or fired, once."""
    refs = [record(db, plate=f"鲁P{n:05}").matter for n in range(40)]
    for ref in refs:
        act(db, ref, "reminder_accepted", CARRIER)
    set_clock(db, START + timedelta(minutes=9, seconds=55), rate=10)
    runners = [Runner(city_database.app, LIBRARY, run=7) for _ in range(2)]
    threads = [threading.Thread(target=r.work) for r in runners]
    for t in threads:
        t.start()
    with psycopg.connect(city_database.app, autocommit=True) as own:
        outcomes = [act(own, ref, "gone", OFFICER) for ref in refs]
    until = time.monotonic() + 20
    while time.monotonic() < until and db.execute("select 1 from deadline where status = 'pending' limit 1").fetchone():
        time.sleep(0.05)
    for r in runners:
        r.stop()
    for t in threads:
        t.join()
    assert all(isinstance(o, Done | Refusal) for o in outcomes)
    fired = db.execute(
        "select count(*), count(distinct deadline_id) from journal where deadline_id is not null"
    ).fetchone()
    assert fired[0] == fired[1]
    by_clock = db.execute(
        "select d.status, count(*), count(j.deadline_id) from deadline d left join journal j on j.deadline_id = d.id"
        " where d.key = 'grace' group by 1"
    ).fetchall()
    assert {(s, n == f) for s, n, f in by_clock} <= {("fired", True), ("cancelled", False)}
    assert sum(n for _, n, _ in by_clock) == 40
    assert set(states(db)) <= {"left", "overdue", "dropped"}
    assert db.execute("select count(*) from deadline where attempts > 0").fetchone() == (0,)
    with db.transaction():
        assert verify(db, None).sound


def test_a_runner_is_woken_by_a_clock_armed_for_at_once(city_database, db):
    """The loop sleeps up to a second; a clock due within two is announced."""
    set_clock(db, START, rate=1)
    runner = Runner(city_database.app, LIBRARY)
    thread = threading.Thread(target=runner.work)
    thread.start()
    done = record(db)
    due = db.execute("select due_at from deadline").fetchone()[0]
    set_clock(db, due - timedelta(seconds=0.3), rate=1)
    until = time.monotonic() + 20
    while time.monotonic() < until and not runner.fired:
        time.sleep(0.01)
    runner.stop()
    thread.join()
    assert runner.fired == 1
    assert db.execute("select state from matter where ref = %s", [done.matter]).fetchone() == ("unreached",)


def test_a_runner_survives_its_connection(city_database, db, waiting):
    runner = Runner(city_database.app, LIBRARY)
    thread = threading.Thread(target=runner.work)
    thread.start()
    with psycopg.connect(city_database.superuser, autocommit=True) as root:
        root.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'guangyue deadlines' and datname = current_database()"
        )
    advance(db, minutes=11)
    until = time.monotonic() + 10
    while time.monotonic() < until and runner.fired < 5:
        time.sleep(0.02)
    runner.stop()
    thread.join()
    assert runner.fired == 5


def test_an_old_transaction_does_not_slow_the_look(city_database, db):
    """The MVCC trap: rows fired while an old snapshot lives are not stepped over on the fast look."""
    for n in range(30):
        record(db, plate=f"鲁P{n:05}")
    with psycopg.connect(city_database.app) as old:
        old.execute("set transaction isolation level repeatable read")
        old.execute("select count(*) from deadline")
        advance(db, hours=2)
        mark = fire_due(db, LIBRARY).mark
        db.execute("set enable_seqscan = off")
        advance(db, minutes=30)
        plan = db.execute(
            "explain (analyze, format json) select id from deadline where status = 'pending'"
            " and coalesce(next_attempt_at, due_at) < (select city_now()) and coalesce(next_attempt_at, due_at) > %s",
            [mark],
        ).fetchone()[0]
    node = plan[0]["Plan"]
    while "deadline_pending" not in str(node.get("Index Name", "")):
        node = next(p for p in node["Plans"] if "deadline_pending" in str(p))
    assert node["Actual Rows"] == 0
    assert "coalesce" in node["Index Cond"].lower()


def test_retired_versions_are_read_back(db):
    assert LIBRARY.find(db, "bench.parking", 1) is PARKING


def test_health_is_cheap_to_ask(db, waiting):
    assert health(db).well
