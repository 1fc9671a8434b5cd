"""What one command costs from the lock to the commit, beside three workflow engines given the same work.

The work is the parking mix: a matter is recorded, the carrier accepts the reminder, the officer comes back. Every step
locks its matter, decides, appends a hashed journal entry under the database's guard, starts or stops a clock, writes a
message, moves the state, and commits to disk. The peers run in their own environment (``bench/peers/records.lock``) on the
same cluster in the same run, and write the same rows into the same tables, which are counted; see
``peers/records_engines.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from bench import peers
from bench.records_home import app_dsn, bench_cluster, make, shipped, sync_ms
from bench.records_procedure import CARRIER, OFFICER, PARKING
from bench.table import Bench, Row, row
from guangyue.kernel import Command, Piece
from guangyue.records.commands import Done, Order, execute_on
from guangyue.records.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from guangyue.records.postgres import Cluster

HERE = Path(__file__).parent
MATTERS = 200
STEPS = 3
WARM = 20
WRITTEN = ("journal", "matter", "deadline", "outbox", "piece", "tally", "involvement", "change")
ROUNDS = 3


def orders(db: psycopg.Connection[Any], library: Library, matters: int) -> Iterator[Done]:
    """Three commands on each of so many matters, each in a transaction of its own."""
    for n in range(matters):
        now = datetime.now(UTC)
        photo = Piece(set="first", sha256=f"{n:064x}", taken_at=now, panorama=True, plate_legible=True, located=True)
        values = {"plate": f"鲁P{n % 100_000:05}", "street": "柳园路"}
        command = Command(act="record", received_at=now, values=values, evidence=(photo,))
        opened = execute_on(db, Order(command=command, actor=OFFICER, procedure="bench.parking", key=f"a{n}"), library)
        assert isinstance(opened, Done), opened
        yield opened
        for act, actor in (("reminder_accepted", CARRIER), ("gone", OFFICER)):
            order = Order(command=Command(act=act, received_at=now), actor=actor, matter=opened.matter, key=f"{act}{n}")
            done = execute_on(db, order, library)
            assert isinstance(done, Done), done
            yield done


def ours(dsn: str) -> tuple[float, dict[str, int]]:
    """Commands a second, one worker, as the serving role, in a process of its own like the peers."""
    environment, _ = shipped()
    command = [sys.executable, "-m", "bench.records_command", dsn]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    rate, rows = json.loads(done.stdout)
    return float(rate), rows


def measured(dsn: str) -> tuple[float, dict[str, int]]:
    """The same in this process, and how many rows each table holds afterwards."""
    library = Library()
    library.register(PARKING)
    with psycopg.connect(app_dsn(dsn), autocommit=True) as db:
        for _ in orders(db, library, WARM):
            pass
        db.execute("delete from command")
        began = time.perf_counter()
        done = sum(1 for _ in orders(db, library, MATTERS))
        seconds = time.perf_counter() - began
        rows = {table: db.execute(f"select count(*) from {table}").fetchone()[0] for table in WRITTEN}  # type: ignore[index]  # noqa: S608
    assert rows["journal"] == (MATTERS + WARM) * STEPS == done + WARM * STEPS
    return done / seconds, rows


def theirs(python: Path, cluster: Cluster, peer: str, matters: int) -> tuple[float, dict[str, int]]:
    """The same of a peer, measured inside its own process, on the same tables; its rows are counted afterwards."""
    name = f"peer_{peer}"
    with psycopg.connect(cluster.dsn(), autocommit=True) as db:
        db.execute(f'drop database if exists "{name}"')
    make(cluster, name)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as db:
        db.execute("create schema peer")
        db.execute("drop table django_migrations")  # a peer's own applications are migrated anew
    script = str(HERE / "peers" / "records_engines.py")
    command = [str(python), script, peer, str(cluster.socket), name, str(matters)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"{peer}: {done.stderr[-2000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    return float(said["commands"] / said["seconds"]), said["rows"]


def measure() -> Iterable[Row]:
    """Rounds of all four, in turn; the best round of each counts, so that a busy machine hurts all alike."""
    needs = {"SpiffWorkflow": 3.0, "Viewflow": 3.0, "django-fsm-2": 1.0}
    best: dict[str, float] = {}
    syncs: list[float] = []
    with bench_cluster() as cluster:
        python = peers.python("records")
        for n in range(ROUNDS):
            make(cluster, f"ours{n}")
            syncs.append(sync_ms())
            rate, rows = ours(cluster.dsn(f"ours{n}"))
            best["ours"] = max(best.get("ours", 0), rate)
            for peer in needs:
                rate, same = theirs(python, cluster, peer, MATTERS)
                assert rows.items() <= same.items(), f"{peer} wrote other rows: {rows} and {same}"
                best[peer] = max(best.get(peer, 0), rate)
    how = f"{MATTERS * STEPS} commands, fsync on, one worker, best of {ROUNDS} rounds in turn; {shipped()[1]}"
    how += f"; a sync of this disk {min(syncs):.2f}–{max(syncs):.2f} ms"
    for peer, need in needs.items():
        yield row("records.command", best["ours"], how, peer=peer, peer_value=best[peer], need_ratio=need)


BENCHES = (Bench(("records.command",), measure),)

if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
