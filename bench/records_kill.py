"""Kill -9 in the middle of commands: nothing acknowledged is lost, nothing is done twice.

A worker opens matters and reminds owners, each command under a key, and says a key aloud only once the records have
answered. It is killed at a random moment and started again; the new one repeats the command that was not acknowledged, as
a phone in the street would. Beside it a runner fires clocks and is killed too.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from bench.records_home import app_dsn, bench_database
from bench.table import Bench, Row, row
from guangyue.records.seals.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BENCHES", "Toll", "storm"]

WORKER = """
import sys, psycopg
from bench.deadlines_rates import library
from bench.records_procedure import CARRIER, OFFICER
from guangyue.kernel import Command, Piece
from guangyue.records.commands import Done, Order, execute_on
known, first = library(), int(sys.argv[2])
with psycopg.connect(sys.argv[1], autocommit=True) as db:
    n = first
    while True:
        now = db.execute("select city_now()").fetchone()[0]
        photo = Piece(set="first", sha256="a" * 64, taken_at=now, panorama=True, plate_legible=True, located=True)
        values = {"plate": f"鲁P{n % 100000:05}", "street": "柳园路"}
        opening = Command(act="record", received_at=now, values=values, evidence=(photo,))
        try:
            done = execute_on(db, Order(command=opening, actor=OFFICER, procedure="bench.parking", key=f"open{n}"), known)
        except ValueError:  # the same key with a later photograph: the command had been kept when we were killed
            ref = db.execute("select answer ->> 'matter' from command where actor = '17' and key = %s", [f"open{n}"]).fetchone()[0]
        else:
            ref = done.matter
        print(f"open{n}", flush=True)
        command = Command(act="reminder_accepted", received_at=now)
        answer = execute_on(db, Order(command=command, actor=CARRIER, matter=ref, key=f"remind{n}"), known)
        print(f"remind{n}" if isinstance(answer, Done) else f"refused{n}", flush=True)  # a lapse may have come first
        n += 1
"""
RUNNER = """
import sys
from bench.deadlines_rates import library
from guangyue.records.deadlines import Runner
Runner(sys.argv[1], library(), run=20).work()
"""


@dataclass(frozen=True, slots=True)
class Toll:
    """What a storm left.

    Attributes:
        kills: how many. acknowledged: keys said aloud. lost: acknowledged and not there. doubled: acts done twice.
        fired: clocks that fired. sound: whether the journal is. missing: the keys that are lost.
    """

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    fired: int
    sound: bool
    missing: tuple[str, ...] = ()


def _start(script: str, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip


def storm(superuser: str, *, kills: int, seed: int = 1) -> Toll:
    """Kill workers and runners ``kills`` times and count what is missing or twice there.

    City time runs two hundred times as fast, so that clocks run out during the storm.
    """
    dice, app = random.Random(seed), app_dsn(superuser)
    acknowledged: list[str] = []
    with psycopg.connect(superuser, autocommit=True) as root:
        root.execute(
            "update city_clock set anchor_real = clock_timestamp(), anchor_city = clock_timestamp(), rate = 200"
        )
        for number in range(kills):
            said = sum(not k.startswith("open") for k in acknowledged)
            runner = _start(RUNNER, app)
            worker = _start(WORKER, app, str(said))
            heard: list[str] = []
            ear = threading.Thread(target=_listen, args=(worker, heard))
            ear.start()
            until = time.monotonic() + 30
            while not heard and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(dice.uniform(0.0, 0.5))
            for victim in (worker, runner) if number % 2 else (runner, worker):
                os.kill(victim.pid, signal.SIGKILL)
                victim.wait()
            ear.join()
            for pipe in (worker.stdout, runner.stdout):
                if pipe is not None:
                    pipe.close()
            acknowledged += [k for k in heard if k not in acknowledged]
        kept = {key for (key,) in root.execute("select key from command")}
        acts = "select count(*), count(distinct matter_id) from journal where act = %s"
        twice = 0
        for act, kind in (("record", "open"), ("reminder_accepted", "remind")):
            entries, matters = root.execute(acts, [act]).fetchone()  # type: ignore[misc]
            keys = sum(k.startswith(kind) for k in kept)
            twice += abs(entries - matters) + abs(entries - keys)
        fired, once = root.execute("select count(deadline_id), count(distinct deadline_id) from journal").fetchone()  # type: ignore[misc]
        with root.transaction():
            sound = verify(root, None).sound
    missing = tuple(sorted({k for k in acknowledged if not k.startswith("refused")} - kept))
    return Toll(kills, len(acknowledged), len(missing), twice + fired - once, fired, sound, missing)


def _listen(worker: subprocess.Popen[str], heard: list[str]) -> None:
    assert worker.stdout is not None
    for line in worker.stdout:
        if line.endswith("\n"):  # a line that was cut off by the kill was not said
            heard.append(line.strip())  # noqa: PERF401 - heard while it is being said


def measure() -> Iterable[Row]:
    """A hundred kills."""
    with bench_database("kill") as dsn:
        toll = storm(dsn, kills=100, seed=7)
    how = (
        f"{toll.kills} kills, {toll.acknowledged} acknowledged, {toll.fired} clocks fired, journal sound: {toll.sound}"
    )
    yield row("records.kill", toll.lost + toll.doubled, how, ok=toll.sound and toll.acknowledged > 0)


BENCHES = (Bench(("records.kill",), measure),)
