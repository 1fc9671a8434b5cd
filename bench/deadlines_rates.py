"""Deadlines by the million: what an idle look costs, how fast runners drain, how late a clock fires."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from bench.records_fill import fill
from bench.records_home import app_dsn, bench_cluster, make, shipped
from bench.records_procedure import CARRIER, OFFICER, PARKING
from bench.table import Bench, Row, row
from guangyue.kernel import Command, Piece, matter_data, read_entry, replay
from guangyue.records import chain
from guangyue.records.commands import Done, Order, execute_on
from guangyue.records.deadlines import fire_due
from guangyue.records.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable

PENDING = 1_000_000
DRAINED = 6_000
RATE, SECONDS = 100, 15
Db = psycopg.Connection[Any]
# By the runner's own index: to look through the million idle ones would cost a core of its own.
STILL_DUE = """
    select 1 from deadline where status = 'pending' and coalesce(next_attempt_at, due_at) < (select city_now())
    order by coalesce(next_attempt_at, due_at) limit 1
"""
RUNNER = """
import sys, threading
from bench.deadlines_rates import library
from guangyue.records.deadlines import Runner
runner = Runner(sys.argv[1], library())
threading.Thread(target=lambda: (sys.stdin.read(), runner.stop()), daemon=True).start()
print("ready", flush=True)
runner.work()
print(runner.fired, flush=True)
"""


def library() -> Library:
    """The benches' procedure."""
    known = Library()
    known.register(PARKING)
    return known


def reminded(db: Db, known: Library) -> tuple[int, list[str], dict[str, Any]]:
    """One real matter whose owner was reminded: its id, its journal, its snapshot."""
    now = db.execute("select city_now()").fetchone()[0]  # type: ignore[index]
    photo = Piece(set="first", sha256="a" * 64, taken_at=now, panorama=True, plate_legible=True, located=True)
    values = {"plate": "鲁P00001", "street": "柳园路"}
    opening = Command(act="record", received_at=now, values=values, evidence=(photo,))
    done = execute_on(db, Order(command=opening, actor=OFFICER, procedure=PARKING.code), known)
    assert isinstance(done, Done), done
    order = Order(command=Command(act="reminder_accepted", received_at=now), actor=CARRIER, matter=done.matter)
    assert isinstance(execute_on(db, order, known), Done)
    bodies = [b for (b,) in db.execute("select body from journal where matter_id = %s order by seq", [done.id])]
    return done.id, bodies, matter_data(replay(read_entry(json.loads(b), PARKING) for b in bodies))


def copies(root: Db, source: tuple[int, list[str], dict[str, Any]], due: list[datetime]) -> None:
    """Copies of a real matter, each with a grace that runs out at its own moment."""
    _, bodies, snapshot = source
    last = root.execute("select max(id) from matter").fetchone()[0]  # type: ignore[index]
    journal, matters, clocks = [], [], []
    for id_, at in enumerate(due, last + 1):
        head = chain.matter_genesis(id_)
        moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for seq, kept in enumerate(bodies, 1):
            text = json.dumps(
                json.loads(kept) | {"matter": str(id_)}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
            head = chain.link(head, seq, text)
            said = json.loads(kept)
            journal.append((id_, seq, text, head, said["kind"], said["act"], said["actor"], said["decided_at"]))
        own = json.loads(json.dumps(snapshot)) | {"id": str(id_)}
        own["deadlines"]["grace"]["due"] = moment
        started = at - timedelta(minutes=10)
        own["deadlines"]["grace"]["from"] = started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        opened = started - timedelta(minutes=1)
        for passage in own["passages"]:
            passage[1] = opened.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        matters.append((
            id_, str(id_), PARKING.code, 1, "reminded", "urban", "urban-03", json.dumps(own, ensure_ascii=False),
            opened, opened, at, len(bodies), head,
        ))  # fmt: skip
        clocks.append((id_, "grace", "pending", started, at, len(bodies)))
    with root.transaction(), root.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for table, columns, rows in (
            ("journal", "matter_id, seq, body, hash, kind, act, actor, at", journal),
            ("matter", "id, ref, procedure, version, state, agency, holder, snapshot, opened_at, updated_at, due_at, seq, head", matters),
            ("deadline", "matter_id, key, status, started_at, due_at, armed_seq", clocks),
        ):  # fmt: skip
            with cursor.copy(f"copy {table} ({columns}) from stdin") as copy:
                for values in rows:
                    copy.write_row(values)
    root.execute("select setval(pg_get_serial_sequence('matter', 'id'), (select max(id) from matter))")
    root.execute("vacuum (analyze) matter, journal, deadline")


def runners(dsn: str, number: int) -> list[subprocess.Popen[str]]:
    """Runners in processes of their own, as the serving role."""
    environment, _ = shipped()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RUNNER, app_dsn(dsn)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        )
        for _ in range(number)
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return started


def ended(processes: list[subprocess.Popen[str]]) -> int:
    """Stop runners; how many clocks they say they fired."""
    return sum(int(process.communicate("", timeout=60)[0].splitlines()[-1]) for process in processes)


def once_each(db: Db, number: int) -> None:
    """Every clock fired exactly once, and its matter moved exactly one step."""
    fired, distinct = db.execute(
        "select count(*), count(distinct deadline_id) from journal where kind = 'lapse'"
    ).fetchone()  # type: ignore[misc]
    assert fired == distinct == number, (fired, distinct, number)
    assert db.execute("select count(*) from deadline where attempts > 0").fetchone() == (0,)


def idle(dsn: str) -> Iterable[Row]:
    """The look of a runner with a million clocks pending and none due."""
    with psycopg.connect(app_dsn(dsn), autocommit=True) as db:
        known, times = library(), []
        mark = db.execute("select city_now()").fetchone()[0]  # type: ignore[index]
        for after in (None, mark - timedelta(minutes=1)):
            for _ in range(1500):
                began = time.perf_counter()
                done = fire_due(db, known, after=after)
                times.append(1000 * (time.perf_counter() - began))
                assert done.seen == 0
        pending = db.execute("select count(*) from deadline where status = 'pending'").fetchone()[0]  # type: ignore[index]
    times.sort()
    p99 = times[int(0.99 * len(times))]
    how = f"{len(times)} looks, {pending:,} pending, full and fast; p50 {statistics.median(times):.2f} ms"
    yield row("deadlines.idle", p99, how)


def drain(dsn: str) -> Iterable[Row]:
    """Two runners against a heap of due clocks, after the million idle ones."""
    with psycopg.connect(dsn, autocommit=True) as root, psycopg.connect(app_dsn(dsn), autocommit=True) as db:
        now = datetime.now(UTC)
        source = reminded(db, library())
        copies(root, source, [now + timedelta(milliseconds=n) for n in range(DRAINED)])
        # Hold the runners back until both are ready: the heap falls due a moment later, all at once.
        root.execute(
            "update city_clock set anchor_real = clock_timestamp(), anchor_city = %s, rate = 0",
            [now - timedelta(seconds=5)],
        )
        started = runners(dsn, 2)
        began = time.perf_counter()
        root.execute("update city_clock set anchor_city = %s", [now + timedelta(minutes=1)])
        while db.execute(STILL_DUE, prepare=True).fetchone():
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        fired = ended(started)
        once_each(db, DRAINED)
        assert fired == DRAINED
        root.execute("update city_clock set anchor_real = 'epoch', anchor_city = 'epoch', rate = 1")
    yield row(
        "deadlines.drain",
        DRAINED / seconds,
        f"{DRAINED:,} due beside {PENDING:,} idle, 2 runners, each once; {shipped()[1]}",
    )


def lag(dsn: str) -> Iterable[Row]:
    """A steady hundred clocks a second, real time, one runner."""
    with psycopg.connect(dsn, autocommit=True) as root, psycopg.connect(app_dsn(dsn), autocommit=True) as db:
        before = db.execute("select count(*) from journal where kind = 'lapse'").fetchone()[0]  # type: ignore[index]
        source = reminded(db, library())
        start = datetime.now(UTC) + timedelta(seconds=6)
        copies(root, source, [start + timedelta(seconds=n / RATE) for n in range(RATE * SECONDS)])
        started = runners(dsn, 1)
        end = start + timedelta(seconds=SECONDS + 2)
        while datetime.now(UTC) < end:
            time.sleep(0.2)
        ended(started)
        late = [
            1000 * float(ms) for (ms,) in db.execute(
                "select extract(epoch from j.written_at - d.due_at) from journal j join deadline d on d.id = j.deadline_id"
                " where d.due_at >= %s", [start],
            )
        ]  # fmt: skip
        once_each(db, before + RATE * SECONDS)
    late.sort()
    p99 = late[int(0.99 * len(late))]
    how = f"{len(late)} clocks at {RATE}/s for {SECONDS} s; p50 {statistics.median(late):.1f} ms, max {late[-1]:.0f} ms"
    yield row("deadlines.lag", p99, how, ok=len(late) == RATE * SECONDS)


def measure() -> Iterable[Row]:
    """All three on one database with a million idle clocks."""
    with bench_cluster() as cluster:
        make(cluster, "clocks")
        dsn = cluster.dsn("clocks")
        fill(dsn, matters=PENDING, entries=0, deadlines=True)
        with psycopg.connect(dsn, autocommit=True) as root:
            root.execute("checkpoint")  # what the filling left to write shall not be written while we measure
        yield from idle(dsn)
        yield from drain(dsn)
        yield from lag(dsn)


BENCHES = (Bench(("deadlines.idle", "deadlines.drain", "deadlines.lag"), measure),)
