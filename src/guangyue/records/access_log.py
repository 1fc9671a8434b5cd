"""The access log (查阅记录): every reading of personal data, with its purpose.

A reader adds one row and goes on; nobody queues for a chain. A moment later the rows are linked, day by day, and the
day's head is sealed with the matters' heads. What was added but not yet linked is the *open window*: its rows are
guarded by triggers, and from the seal on by the signature too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guangyue.records import chain
from guangyue.records.database import Db, city_now, db

if TYPE_CHECKING:
    from datetime import date, datetime


__all__ = ["Reading", "link_entries", "log_reading", "write"]

BATCH = 5_000
LOCK = 0x6775616E67_02


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of personal data.

    Attributes:
        viewer: who reads. purpose: what for, never empty. what: the kind of data and where it lies.
        basis: the power it rests on. matter: the matter it serves. subject: keyed hash of whose data it is.
    """

    viewer: str
    purpose: str
    what: str
    basis: str = ""
    matter: int | None = None
    subject: bytes | None = None

    def body(self, at: datetime) -> str:
        """The row's text, as it is linked and sealed."""
        said = {
            "at": at.isoformat(timespec="microseconds"),
            "basis": self.basis,
            "matter": self.matter,
            "purpose": self.purpose,
            "subject": self.subject.hex() if self.subject else None,
            "viewer": self.viewer,
            "what": self.what,
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write(raw: Db, reading: Reading) -> None:
    """Add a reading, in the transaction that reads: either both happen or neither."""
    if not reading.purpose.strip():
        raise ValueError("nobody reads personal data for no reason")
    at = city_now(raw)
    raw.execute("insert into access_log (body) values (%s)", [reading.body(at)])


def log_reading(read: Any) -> None:  # noqa: ANN401 - a `city.personal.Read`
    """The sink that ``city.personal`` writes to before it shows a value."""
    given = read.purpose
    matter = int(given.matter) if given.matter.isdigit() else None
    what = f"{read.label} {read.owner} ({read.kind})".replace("  ", " ")
    write(db(), Reading(viewer=given.reader, purpose=given.reason, what=what, basis=given.basis, matter=matter))


def link_entries(raw: Db) -> int:
    """Link all entries that stand unlinked, oldest first; answers with how many. Runs inside a transaction."""
    raw.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    heads: dict[date, tuple[int, bytes]] = {}
    done = 0
    while True:
        rows = raw.execute(
            "select id, (at at time zone 'Asia/Shanghai')::date, body from access_log"
            " where hash is null order by id limit %s",
            [BATCH],
        ).fetchall()
        for _, day, _ in rows:
            if day not in heads:
                found = raw.execute("select seq, head from access_day where day = %s", [day]).fetchone()
                heads[day] = (found[0], bytes(found[1])) if found else (0, chain.access_genesis(day))
        links = []
        for row_id, day, body in rows:
            seq, prev = heads[day][0] + 1, heads[day][1]
            hashed = chain.link(prev, seq, body)
            heads[day] = (seq, hashed)
            links.append((day, seq, hashed, row_id))
        with raw.cursor() as cursor:
            cursor.executemany("update access_log set day = %s, seq = %s, hash = %s where id = %s", links)
        done += len(rows)
        if len(rows) < BATCH:
            return done
