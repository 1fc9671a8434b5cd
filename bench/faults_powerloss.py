"""The power is cut at any moment: what was answered 2xx is there afterwards, evidence to the last byte.

Everything that a real `guangyue serve` does to its folder is recorded while officers work, with each answer they get in its
place among the writes. Then the disk is put together as it would be after a cut at that place, from what had been synced
alone or with any part of the rest, PostgreSQL recovers on it, and all that was acknowledged before the cut is looked for.
As a control, syncs of one kind are taken for nothing: then losses must be found.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tests.faults.disk.replay import ACK, Cut, Disk, Recording, acknowledge
from tests.faults.serving import serving
from tests.installation import ROOT

from bench.faults_city import RATE
from bench.faults_clients import Storm
from bench.table import Bench, Row, missing, row
from guangyue.records.evidence.store import digest_of
from guangyue.records.postgres import Cluster
from guangyue.records.seals.verify import verify

__all__ = ["BENCHES", "CONTROLS", "Loss", "Taken", "compiler", "cut", "taken"]

WANTED = 500
QUICK = {
    "fsync": "off", "shared_buffers": "16MB", "max_connections": "20", "autovacuum": "off", "max_wal_size": "1GB",
    "logging_collector": "off", "io_method": "sync",
}  # fmt: skip
CONTROLS: dict[str, Callable[[str], bool]] = {
    "PostgreSQL's log": lambda path: path.startswith("postgres/pg_wal"),
    "evidence files": lambda path: path.startswith("evidence/arriving/"),
    "evidence folders": lambda path: re.fullmatch(r"evidence(/arriving|/[0-9a-f]{2}){0,2}", path) is not None,
}
"""What is not synced in a control: a loss must show."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A recorded run.

    Attributes:
        promised: what the n-th answer promised.
        inodes: of the files as they were when it began.
    """

    root: Path
    base: Path
    recording: Recording
    promised: Sequence[tuple[Any, ...]]
    inodes: dict[str, int]
    shared: tuple[str, ...]


@dataclass
class Loss:
    """What cuts have cost.

    Attributes:
        cuts: how many. promises: looked for, over all cuts. lost: those not found. broken: images that did not recover.
    """

    cuts: int = 0
    promises: int = 0
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def compiler() -> str | None:
    """The C compiler, if there is one."""
    return shutil.which("gcc") or shutil.which("cc")


@contextmanager
def taken(*, seconds: float, seed: int = 1) -> Iterator[Taken]:
    """A run of so many seconds, recorded; its folders go afterwards.

    Raises:
        RuntimeError: no work was done that could be lost.
    """
    spare = Path(tempfile.mkdtemp(prefix="guangyue-power-"))
    library, log, base = spare / "recorder.so", spare / "recording", spare / "base"
    source = ROOT / "tests" / "faults" / "disk" / "recorder.c"
    subprocess.run([compiler() or "cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    promised: list[tuple[Any, ...]] = []
    cars = int(40 + 8 * seconds)
    try:
        with serving("--web", "2", "--drain", "5", GUANGYUE_SMS="local") as house:
            house.start()
            people = json.loads(house.run("-m", "bench.faults_city", house.cluster.dsn("guangyue"), str(cars)))
            house.end()
            os.sync()
            shutil.copytree(house.home, base, symlinks=True, ignore=_no_sockets)
            inodes = {
                str(p.relative_to(house.home)): p.stat().st_ino
                for p in house.home.rglob("*") if p.is_file() and not p.is_symlink()
            }  # fmt: skip
            house.environment |= {
                "LD_PRELOAD": str(library), "FAULTS_LOG": str(log), "FAULTS_UNDER": str(house.home),
            }  # fmt: skip
            house.start()
            door, out = threading.Lock(), os.open(log, os.O_WRONLY | os.O_APPEND)

            def told(*what: object) -> None:
                with door:
                    acknowledge(out, len(promised))
                    promised.append(what)

            anchor = time.time()
            with psycopg.connect(house.cluster.dsn("guangyue"), autocommit=True) as db:
                db.execute(
                    "update city_clock set anchor_real = to_timestamp(%s), anchor_city = to_timestamp(%s), rate = %s",
                    [anchor, anchor, RATE],
                )
                shared = tuple(
                    f"postgres/base/{oid}/"
                    for (oid,) in db.execute("select oid from pg_database where datname <> 'guangyue'")
                )
                clients = Storm(house.address, people, anchor, seed, cars, told)
                clients.start()
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    time.sleep(seconds / 4)
                    db.execute("checkpoint")
            clients.settle(0)
            house.kill()
            os.close(out)
            root = house.home
            if len(promised) < seconds:
                raise RuntimeError(f"only {len(promised)} answers: {clients.errors} {house.said()[-2000:]}")
        yield Taken(root, base, Recording(log), promised, inodes, shared)
    finally:
        shutil.rmtree(spare, ignore_errors=True)


def _no_sockets(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if not (Path(folder, n).is_file() or Path(folder, n).is_dir())]


def cut(
    run: Taken, *, cuts: int, seed: int = 1, deaf: Callable[[str], bool] = lambda _: False, at_once: int = 2
) -> Loss:
    """Cut the power at so many places of a run and look for what was promised.

    Every second place is just behind an answer, the others are anywhere; at every second one, any part of what was not
    synced has reached the disk as well.
    """
    dice, loss = random.Random(seed), Loss()
    answers = [r for r in run.recording.records if r.op == ACK]
    first, last = answers[0].n, run.recording.records[-1].n
    places = sorted((dice.choice(answers).n + 1, n) if n % 2 else (dice.randint(first, last), n) for n in range(cuts))
    disk = Disk(run.recording, run.root, run.base, run.inodes, deaf)
    spare = Path(tempfile.mkdtemp(prefix="guangyue-cut-", dir=run.base.parent))
    running: list[Future[None]] = []
    with ThreadPoolExecutor(at_once) as pool:
        for number, (place, kind) in enumerate(places):
            disk.forward(place)
            image = spare / str(number)
            how = Cut.SOME if kind % 4 >= 2 else Cut.NONE
            disk.image(image, how, random.Random(f"{seed}/{number}"), run.shared)
            before = [run.promised[r.offset] for r in answers if r.n < place]
            while sum(not f.done() for f in running) > at_once:
                next(f for f in running if not f.done()).result()
            running.append(pool.submit(_look, image, before, f"cut {place} ({how.value})", loss))
        for one in running:
            one.result()
    shutil.rmtree(spare, ignore_errors=True)
    return loss


def _look(image: Path, promised: Sequence[tuple[Any, ...]], where: str, loss: Loss) -> None:
    """Recover one image and look for what was promised before the cut."""
    cluster = Cluster(image / "postgres", settings=QUICK)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    lost: list[str] = []
    try:
        cluster.start()
        with psycopg.connect(cluster.dsn("guangyue"), autocommit=True) as db:
            lost = [f"{where}: {what}" for what in _missing(db, image / "evidence", promised)]
    except Exception as why:  # noqa: BLE001 - whatever keeps it from recovering is the finding
        loss.broken.append(f"{where}: {type(why).__name__}: {str(why)[-600:]}")
    finally:
        cluster.stop("immediate")
        shutil.rmtree(image, ignore_errors=True)
    loss.lost += lost
    loss.cuts += 1
    loss.promises += len(promised)


def _missing(
    db: psycopg.Connection[tuple[object, ...]], evidence: Path, promised: Sequence[tuple[Any, ...]]
) -> Iterator[str]:
    keys = {k for (k,) in db.execute("select key from command")}
    acts = {
        (str(ref), seq): act
        for ref, seq, act in db.execute("select m.ref, j.seq, j.act from journal j join matter m on m.id = j.matter_id")
    }
    named = {str(i): str(b) for i, b in db.execute("select id::text, blob_id from evidence_evidence")}
    done = {str(u): str(e) for u, e in db.execute("select id::text, evidence_id::text from evidence_upload")}
    for kind, *rest in promised:
        if kind == "command":
            key, matter, act, seq = rest
            if key not in keys or acts.get((matter, seq)) != act:
                yield f"command {key}"
        elif kind == "evidence":
            digest, piece = rest
            if named.get(piece) != digest:
                yield f"evidence {piece}: no row"
            elif not _whole(evidence / digest[:2] / digest[2:4] / digest, digest):
                yield f"evidence {piece}: not the bytes"
        elif kind == "part":
            upload, sent = rest
            if upload not in done:
                yield f"upload {upload}: no row"
            elif done[upload] in {"", "None"}:
                path = evidence / "arriving" / upload
                if not path.exists() or not path.read_bytes().startswith(sent):
                    yield f"upload {upload}: not the first {len(sent)} bytes"
    with db.transaction():
        db.execute("set transaction isolation level repeatable read read only")
        if not verify(db, None).sound:
            yield "the journal does not verify"


def _whole(path: Path, digest: str) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as stream:
        return digest_of(stream) == digest


def measure() -> Iterable[Row]:
    """Five hundred cuts of one run, and a few of each control."""
    if compiler() is None:
        yield missing("faults.powerloss", "there is no C compiler for the recorder")
        return
    cuts, seed = int(os.environ.get("BENCH_POWER_CUTS", str(WANTED))), int(os.environ.get("GUANGYUE_SEED", "1"))
    with taken(seconds=float(os.environ.get("BENCH_POWER_SECONDS", "20")), seed=seed) as run:
        loss = cut(run, cuts=cuts, seed=seed)
        controls = {name: cut(run, cuts=8, seed=seed, deaf=deaf) for name, deaf in CONTROLS.items()}
    caught = all(c.lost or c.broken for c in controls.values())
    how = (
        f"{len(loss.lost)} of {loss.promises:,} promises lost, {len(loss.broken)} of {loss.cuts} disks did not recover,"
        f" seed {seed}, {len(run.recording.records):,} operations, {len(run.promised)} answers; 0 of {cuts} means under"
        f" {100 * 3 / cuts:.2g} % at 95 %; without syncs of "
        + ", ".join(f"{name} {len(c.lost)} lost and {len(c.broken)} broken" for name, c in controls.items())
        + "".join(f"; {one}" for one in (*loss.lost[:5], *loss.broken[:3]))
    )
    yield row("faults.powerloss", len(loss.lost) + len(loss.broken), how, ok=caught and loss.cuts == cuts >= WANTED)


BENCHES = (Bench(("faults.powerloss",), measure),)
