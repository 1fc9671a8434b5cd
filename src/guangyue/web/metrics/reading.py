"""What is read at the moment somebody asks: the records, the database, the programs, disk and backups.

Every statement is bounded: an index, an estimate, or a table of few rows. Nothing here names a person, a matter or a plate.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from psycopg import Error
from typing_extensions import override

from guangyue import __version__
from guangyue.records.database import db
from guangyue.records.deadlines import health
from guangyue.serve.state import read_state

if TYPE_CHECKING:
    from prometheus_client import Metric

    from guangyue.records.database import Db

__all__ = ["Figures", "backup_made_at", "memory"]

_OUTBOX = """
    select channel, count(*) filter (where dead_at is null),
        coalesce(extract(epoch from city_now() - min(made_at) filter (where dead_at is null)), 0),
        count(*) filter (where dead_at is not null)
    from outbox where sent_at is null group by 1
"""
_SEAL = """
    select coalesce(extract(epoch from clock_timestamp() - max(at)), -1), coalesce(max(size), 0) from seal
"""
_HEIGHT = "select coalesce(sum(n_tup_ins), 0)::bigint from pg_stat_user_tables where relname = 'journal'"
_DATABASE = """
    select numbackends, current_setting('max_connections')::int, pg_database_size(datname), xact_commit, xact_rollback,
        deadlocks,
        (select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity
            where datname = current_database() and state <> 'idle')
    from pg_stat_database where datname = current_database()
"""
PAGE = os.sysconf("SC_PAGE_SIZE")


def _one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"guangyue_{name}", said, value=value)


class Figures(Collector):
    """Everything but what the web processes count themselves."""

    @override
    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("guangyue_build", "What runs here.", {"version": __version__})
        try:
            found = list(_records(db()))
        except (DatabaseError, Error, OSError):
            found = []
        yield _one("database_up", "Whether the database answers.", 1 if found else 0)
        yield from found
        yield from _programs()
        yield from _places()


def _records(raw: Db) -> Iterator[Metric]:
    clocks = health(raw)
    late = (clocks.now - clocks.oldest).total_seconds() if clocks.oldest else 0.0
    yield _one("deadlines_overdue", "Clocks due for more than five seconds that have not fired.", clocks.overdue)
    yield _one("deadlines_failing", "Clocks that were tried and put off.", clocks.failing)
    yield _one("deadlines_lag_seconds", "How long the oldest of the overdue has been due.", late)
    waiting = GaugeMetricFamily("guangyue_outbox_waiting", "Messages not sent yet.", labels=("channel",))
    oldest = GaugeMetricFamily("guangyue_outbox_oldest_seconds", "Age of the oldest of them.", labels=("channel",))
    dead = GaugeMetricFamily("guangyue_outbox_dead", "Messages that wait for a person.", labels=("channel",))
    for channel, count, age, given_up in raw.execute(_OUTBOX).fetchall():
        waiting.add_metric((channel,), count)
        oldest.add_metric((channel,), float(age))
        dead.add_metric((channel,), given_up)
    yield from (waiting, oldest, dead)
    age, size = _row(raw, _SEAL)
    yield _one("seal_age_seconds", "Since the last seal of the journal; -1 where none was made.", float(age))
    yield _one("seal_leaves", "Leaves of the sealed log.", size)
    (height,) = _row(raw, _HEIGHT)
    yield CounterMetricFamily("guangyue_journal_entries", "Entries written to the journal.", value=height)
    alarms = GaugeMetricFamily("guangyue_alarm", "Alarms that stand, with their count.", labels=("kind",))
    for kind, count in raw.execute("select kind, count from alarm where cleared_at is null").fetchall():
        alarms.add_metric((kind,), count)
    yield alarms
    used, most, size, commits, rollbacks, deadlocks, longest = _row(raw, _DATABASE)
    yield _one("database_connections", "Connections to the database.", used)
    yield _one("database_connections_most", "How many it takes.", most)
    yield _one("database_bytes", "Its size on disk.", size)
    yield _one("database_longest_transaction_seconds", "Age of the oldest transaction we may see.", float(longest))
    yield CounterMetricFamily("guangyue_database_commits", "Transactions kept.", value=commits)
    yield CounterMetricFamily("guangyue_database_rollbacks", "Transactions undone.", value=rollbacks)
    yield CounterMetricFamily("guangyue_database_deadlocks", "Deadlocks.", value=deadlocks)


def _row(raw: Db, statement: str) -> tuple[Any, ...]:
    found = raw.execute(statement).fetchone()
    return tuple(found) if found is not None else ()


def _programs() -> Iterator[Metric]:
    """The supervisor's programs; nothing where each is started by itself."""
    state = read_state()
    if state is None:
        return
    silent = (datetime.now(UTC) - state.at).total_seconds()
    yield _one("supervisor_silent_seconds", "Since the supervisor's last note.", silent)
    ready = GaugeMetricFamily("guangyue_program_ready", "Whether a program is as it should be.", labels=("program",))
    starts = CounterMetricFamily("guangyue_program_starts", "How often it was started.", labels=("program",))
    taken = GaugeMetricFamily("guangyue_program_memory_bytes", "Its resident memory.", labels=("program",))
    for p in state.programs:
        ready.add_metric((p.key,), 1 if p.phase == "ready" or (p.phase == "over" and not p.last_end) else 0)
        starts.add_metric((p.key,), p.starts)
        if p.pid is not None and (held := memory(p.pid)):
            taken.add_metric((p.key,), held)
    yield from (ready, starts, taken)


def memory(pid: int) -> int:
    """Resident bytes of a process; nought when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _places() -> Iterator[Metric]:
    free = GaugeMetricFamily("guangyue_disk_free_bytes", "Room left where things are kept.", labels=("place",))
    all_ = GaugeMetricFamily("guangyue_disk_bytes", "Room there is in all.", labels=("place",))
    for place, folder in {"home": settings.GUANGYUE_HOME, "backups": _backups()}.items():
        if folder is not None and folder.is_dir():
            usage = shutil.disk_usage(folder)
            free.add_metric((place,), usage.free)
            all_.add_metric((place,), usage.total)
    yield from (free, all_)
    folder = _backups()
    if folder is not None:
        made = backup_made_at(folder)
        age = (datetime.now(UTC) - made).total_seconds() if made else -1.0
        yield _one("backup_age_seconds", "Since the newest finished backup; -1 where there is none.", age)


def _backups() -> Path | None:
    given = os.environ.get("GUANGYUE_BACKUPS", "")
    return Path(given) if given else None


def backup_made_at(folder: Path) -> datetime | None:
    """When the newest finished backup under a folder was made: itself one, or holding one a folder.

    A backup has a manifest as soon as it is finished, and not before.
    """
    found = []
    for file in (folder / "manifest.json", *folder.glob("*/manifest.json")):
        try:
            made = datetime.fromisoformat(str(json.loads(file.read_text("utf-8"))["made_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found.append(made if made.tzinfo else made.replace(tzinfo=UTC))
    return max(found, default=None)
