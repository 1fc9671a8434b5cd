"""A PostgreSQL for the benches, durable as in production, and databases in it made by the product's own command."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from guangyue.records.postgres import APP_ROLE, OWNER_ROLE, Cluster
from guangyue.records.postgres.private import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BENCHES", "app_dsn", "bench_cluster", "bench_database", "shipped", "sync_ms"]

BENCHES = ()
ROOT = Path(__file__).parents[1]
NO_COMPILER = 3


@contextmanager
def bench_cluster() -> Iterator[Cluster]:
    """A cluster with fsync on, on the disk of the working folder, removed afterwards."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="bench-", dir=build))
    cluster = Cluster(home / "postgres")
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def bench_database(name: str) -> Iterator[str]:
    """The superuser's DSN of a freshly migrated database."""
    with bench_cluster() as cluster:
        make(cluster, name)
        yield cluster.dsn(name)


def make(cluster: Cluster, name: str) -> None:
    """Make and migrate a database."""
    prepare(cluster, name)
    environment = os.environ | {
        "DATABASE_URL": cluster.dsn(name, APP_ROLE),
        "DATABASE_OWNER_URL": cluster.dsn(name, OWNER_ROLE),
        "GUANGYUE_HOME": str(cluster.data.parent),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "guangyue.cli", "db", "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as db:
        db.execute("checkpoint")


@cache
def shipped() -> tuple[dict[str, str], str]:
    """The environment of a process that runs the product as its wheel ships it, and what to say of it.

    The kernel is compiled (``scripts/compile.py``) where there is a C compiler.
    """
    done = subprocess.run([sys.executable, "scripts/compile.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in {0, NO_COMPILER}:
        raise RuntimeError(done.stderr)
    folder = done.stdout.strip() if done.returncode == 0 else str(ROOT / "src")
    said = "kernel compiled as in the wheel" if done.returncode == 0 else "not compiled, there is no C compiler"
    return os.environ | {"PYTHONPATH": os.pathsep.join((folder, str(ROOT)))}, said


def sync_ms() -> float:
    """Milliseconds that the disk of the working folder takes to keep 8 KiB, the median of fifty.

    Every commit waits for it once, ours and the peers': the rates of one run can only be compared with this beside them.
    """
    times = []
    with tempfile.TemporaryFile(dir=ROOT / "build") as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(8192))
            file.flush()
            os.fdatasync(file.fileno())
            times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def app_dsn(superuser: str) -> str:
    """The same database as the role that serves."""
    return superuser.replace("user=postgres", f"user={APP_ROLE}")
