"""The product as the web benches meet it: a durable database, staff of two agencies, and the real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from tests.installation import ROOT, Installation, installation

from guangyue.records.postgres import Cluster

__all__ = ["BENCHES", "ROOT", "Site", "ground", "processor", "quantile", "runner", "site"]

BENCHES = ()
AWAKE = "update city_browsersession set started_at = now(), seen_at = now()"
"""Sessions of people who have just signed in: those of a kept folder would have ended."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where it runs, as whom one may knock, and how to reach its database."""

    address: str
    home: Path
    environment: dict[str, str]
    cluster: Cluster
    people: dict[str, dict[str, str]]


def quantile(values: list[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def processor(made: Site) -> dict[str, float]:
    """Seconds of processor time so far: of the web server's processes and of the database's that live."""
    port = made.address.rsplit(":", 1)[1]
    postmaster = (made.home / "postgres" / "postmaster.pid").read_text().split()[0]
    spent = {"server": 0.0, "database": 0.0}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        seconds = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        if "granian" in words and port in words:
            spent["server"] += seconds
        elif stat[1] == postmaster or folder.name == postmaster:
            spent["database"] += seconds
    return spent


@contextmanager
def site(*, workers: int = 2, fill: str = "") -> Iterator[Site]:
    """Database, people, server; ``fill`` names what `bench.web_people` does before the server starts."""
    with ground(fill) as (made, people), made.served(workers=workers) as address:
        yield Site(address, made.home, made.environment, made.cluster, people)


@contextmanager
def runner(made: Site | Installation) -> Iterator[int]:
    """Deadlines, outbox, seals and upkeep at work; its process, and what it says in ``runner.log`` of the home folder."""
    with (made.home / "runner.log").open("wb") as said:
        command = [sys.executable, "-m", "guangyue", "runner"]
        work = subprocess.Popen(command, cwd=ROOT, env=made.environment, stdout=said, stderr=said)
        try:
            yield work.pid
        finally:
            work.terminate()
            work.wait(timeout=30)


@contextmanager
def ground(fill: str) -> Iterator[tuple[Installation, dict[str, dict[str, str]]]]:
    """Database and people without a server; the folder named by ``BENCH_WEB_KEEP`` is kept and found again."""
    keep = os.environ.get("BENCH_WEB_KEEP")
    with installation(kept=Path(keep) / (fill or "empty") if keep else None) as made:
        known = made.home / "people.json"
        if not known.exists():
            known.write_text(made.run("-m", "bench.web_people", made.cluster.dsn("guangyue"), fill))
        with psycopg.connect(made.cluster.dsn("guangyue"), autocommit=True) as db:
            db.execute(AWAKE)
        yield made, json.loads(known.read_text())
