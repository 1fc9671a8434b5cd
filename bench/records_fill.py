"""Fills a records database with many matters at once, as a superuser who copies; shared by benches and tests.

Everything is as commands would have left it: linked journals, right heads, clocks, tallies. Deterministic by seed.
"""

from __future__ import annotations

import json
import random
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from guangyue.records import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BENCHES", "body", "fill", "indexes_later"]

BENCHES = ()
ACTS = ("record", "reminder_accepted", "still_there", "approve")
MANY = 100_000
"""From here on indexes are made after the rows."""
STATES = ("noticed", "reminded", "overdue", "in_review", "left", "decided")


def body(matter: int, seq: int, act: str, at: datetime, actor: str, *, counts: dict[str, int] | None = None) -> str:
    """A journal body of the usual length."""
    said: dict[str, Any] = {
        "act": act, "actor": actor, "after": STATES[seq % 4], "agency": "urban_management",
        "decided_at": moment(at), "before": STATES[(seq - 1) % 4], "evidence": [f"{matter:064x}"],
        "kind": "act", "matter": str(matter), "observed_at": moment(at), "procedure": "streets.parking",
        "role": "officer", "seq": seq, "unit": "371502-03", "version": 1,
        "values": {"note": "车辆占压盲道，已拍照取证，驾驶人不在现场。", "plate": f"鲁P{matter % 100000:05}"},
    }  # fmt: skip
    if counts:
        said["counts"] = counts
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _journal(first: int, matters: int, entries: int, start: datetime) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    for matter in range(first, first + matters):
        rows, prev = [], chain.matter_genesis(matter)
        for seq in range(1, entries + 1):
            at = start + timedelta(seconds=matter * 7 + seq * 60)
            act, actor = ACTS[seq % len(ACTS)], str(matter % 300)
            text = body(matter, seq, act, at, actor)
            hashed = chain.link(prev, seq, text)
            rows.append((matter, seq, text, "act", act, actor, at, hashed))
            prev = hashed
        yield matter, rows


@contextmanager
def indexes_later(db: psycopg.Connection[Any], *tables: str) -> Iterator[None]:
    """The plain indexes of these tables are away for the time of a fill and made again after it, as they were."""
    found = db.execute(
        "select indexname, indexdef from pg_indexes where tablename = any(%s) and indexname not in"
        " (select conname from pg_constraint)",
        [list(tables)],
    ).fetchall()
    for name, _ in found:
        db.execute(f'drop index "{name}"')
    yield
    for _, definition in found:
        db.execute(definition)


def fill(
    dsn: str,
    *,
    matters: int,
    entries: int = 1,
    deadlines: bool = False,
    seed: int = 1,
    units: int = 300,
    agencies: int = 4,
    first: int = 1,
) -> None:
    """Copy ``matters`` matters with ``entries`` journal entries each into the database behind ``dsn`` (a superuser's).

    Args:
        dsn: a superuser's, on an otherwise idle database.
        matters: how many, numbered from ``first``.
        entries: journal entries of each; 0 leaves the journal empty and the heads at their beginning.
        deadlines: one pending clock each, due between one hour and 400 days from now.
        seed: of all that is random.
        units: so many units, spread over the agencies.
        agencies: so many.
        first: the first matter's id.
    """
    dice = random.Random(seed)
    now = datetime.now(UTC)
    start = now - timedelta(seconds=7 * (first + matters) + 60 * entries + 3600)
    with psycopg.connect(dsn) as db, db.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        later = ExitStack()
        later.enter_context(indexes_later(db, *(("matter", "deadline") if matters >= MANY else ())))
        heads: dict[int, bytes] = {}
        if entries:
            columns = "matter_id, seq, body, kind, act, actor, at, hash"
            with cursor.copy(f"copy journal ({columns}) from stdin") as copy:
                for matter, rows in _journal(first, matters, entries, start):
                    for row in rows:
                        copy.write_row(row)
                    heads[matter] = rows[-1][-1]
        columns = (
            "id, ref, number, procedure, version, state, title, agency, holder, assignee, subject, cell, lon, lat, place,"
            " snapshot, opened_at, updated_at, closed_at, due_at, seq, head"
        )
        with cursor.copy(f"copy matter ({columns}) from stdin") as copy:
            for matter in range(first, first + matters):
                unit = dice.randrange(units)
                closed = dice.random() < 0.93
                state = dice.choice(STATES[4:] if closed else STATES[:4])
                opened = start + timedelta(seconds=matter * 7)
                due = now + timedelta(seconds=dice.randrange(3600, 400 * 86400))
                procedure = f"streets.{dice.choice(('parking', 'parking', 'parking', 'stalls', 'signs'))}"
                snapshot = {
                    "id": str(matter),
                    "procedure": procedure,
                    "version": 1,
                    "state": state,
                    "fields": {"plate": "x"},
                }
                copy.write_row((
                    matter, str(matter), f"GY-{matter:08}", procedure, 1, state, f"违法停车 {matter}", f"agency{unit % agencies}",
                    f"unit{unit}", str(dice.randrange(3000)) if dice.random() < 0.5 else "",
                    b"plate %d" % dice.randrange(400_000), 617_700_000_000 + dice.randrange(20_000),
                    115_900_000 + dice.randrange(200_000), 36_400_000 + dice.randrange(200_000), f"柳园路{matter % 3000}号",
                    json.dumps(snapshot), opened, opened + timedelta(minutes=20),
                    opened + timedelta(hours=2) if closed else None, None if closed else due, entries,
                    heads.get(matter) or chain.matter_genesis(matter),
                ))  # fmt: skip
        if deadlines:
            columns = "matter_id, key, status, started_at, due_at, armed_seq"
            with cursor.copy(f"copy deadline ({columns}) from stdin") as copy:
                for matter in range(first, first + matters):
                    due = now + timedelta(seconds=dice.randrange(3600, 400 * 86400))
                    copy.write_row((matter, "review", "pending", now, due, max(1, entries)))
        later.close()
        cursor.execute("select setval(pg_get_serial_sequence('matter', 'id'), (select max(id) from matter))")
        db.commit()
        db.autocommit = True
        db.execute("vacuum (analyze) matter, journal, deadline")
