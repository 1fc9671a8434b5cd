"""The installation's own PostgreSQL under ``GUANGYUE_HOME``: started on demand, shared by whoever comes later."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from guangyue.records.postgres.cluster import START_SECONDS, Cluster, ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["APP_ROLE", "DATABASE", "OWNER_ROLE", "cluster", "home", "prepare", "private_cluster", "running", "served"]

DATABASE = "guangyue"
OWNER_ROLE = "guangyue_owner"
"""Owns the tables; used by migrations and restores only."""
APP_ROLE = "guangyue"
"""What the web, the runner and the commands are: may add to the journal, never change or remove."""


SUPERVISED = "serve.lock"
"""Held by the supervisor for as long as it lives."""
ON_DEMAND = "postgres.on-demand"
"""There while the cluster was started by a command and not by a supervisor."""


def home() -> Path:
    """The folder of this installation's data: ``GUANGYUE_HOME``, else ``var`` in the current folder."""
    return Path(os.environ.get("GUANGYUE_HOME") or "var").resolve()


def cluster() -> Cluster:
    """The private cluster of this installation, running or not."""
    return Cluster(home() / "postgres")


def prepare(cluster: Cluster, database: str = DATABASE) -> None:
    """Make the two roles and the database of a running cluster, whatever of them is missing."""
    import psycopg  # not for those who only start the server
    from psycopg import sql

    with psycopg.connect(cluster.dsn(), autocommit=True) as db:
        for role in (OWNER_ROLE, APP_ROLE):
            if not db.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                db.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        if not db.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
            statement = sql.SQL("create database {} owner {}")
            db.execute(statement.format(sql.Identifier(database), sql.Identifier(OWNER_ROLE)))


def running() -> bool:
    """Whether the private cluster is up."""
    return (home() / "postgres" / "PG_VERSION").exists() and cluster().running()


@contextmanager
def served(folder: Path) -> Iterator[bool]:
    """Be the installation's supervisor for the time of a ``with`` block; false when another one is already."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / SUPERVISED).open("w") as mark:
        for _ in range(20):  # a command that looks whether anybody supervises holds it for a moment
            with suppress(BlockingIOError):
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.02)
        else:
            yield False
            return
        (folder / ON_DEMAND).unlink(missing_ok=True)
        yield True


def _await(found: Cluster) -> None:
    until = time.monotonic() + START_SECONDS
    while not found.answers():
        if time.monotonic() > until:
            raise ClusterError(
                f"The database of {found.data.parent} does not answer; `guangyue serve status` says why."
            )
        time.sleep(0.1)


def _supervised(folder: Path) -> bool:
    with (folder / SUPERVISED).open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextmanager
def private_cluster() -> Iterator[Cluster | None]:
    """The private cluster for the time of a ``with`` block; nothing at all when ``DATABASE_URL`` is set.

    Any number of commands may be inside at once: the first starts it, the last one out stops it. Where a supervisor
    keeps it (`guangyue serve`), it is waited for and left alone.
    """
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    found = cluster()
    if _supervised(folder):
        _await(found)
        yield found
        return
    on_demand = folder / ON_DEMAND
    # `door` is held only while starting or stopping, `inside` for as long as somebody uses the cluster.
    with (folder / "postgres.door").open("w") as door, (folder / "postgres.lock").open("w") as inside:
        fcntl.flock(door, fcntl.LOCK_EX)
        if found.start():
            on_demand.touch()
        prepare(found)
        fcntl.flock(inside, fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield found
        finally:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(inside, fcntl.LOCK_UN)
            try:
                fcntl.flock(inside, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else is still inside
            else:
                if on_demand.exists():
                    found.stop()
                    on_demand.unlink()
