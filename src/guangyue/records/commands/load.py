"""Matters as they are read under lock.

Lock order, always: matters by id, then subject rows, then number rows. Whoever needs more matters than it holds lets go
and begins again with all of them, so that two commands can never wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from guangyue.kernel import Matter, read_matter
from guangyue.records.commands.tables import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guangyue.kernel import Procedure
    from guangyue.records.commands.order import Order
    from guangyue.records.commands.tables import Parameters
    from guangyue.records.commands.wire import Wire
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["COLUMNS", "Columns", "Found", "Loaded", "MoreToLockError", "columns", "lock", "moment", "read", "ties"]

Columns = tuple[int, str, str, int, str, datetime, str, Any]

COLUMNS = "m.id, m.ref, m.procedure, m.version, encode(m.head, 'hex'), m.updated_at, m.agency, m.snapshot"


def _locking(name: bytes, which: str) -> Statement:
    """The matters themselves, their parents and those they are tied to, in the order of their ids."""
    return Statement(
        name,
        f"""
        select {COLUMNS} from matter m where m.id = any(array(
            select id from matter where ref {which}
            union all select parent_id from matter where ref {which} and parent_id is not null
            union all select r.other_id from matter x join relation r on r.matter_id = x.id where x.ref {which}
        )) order by m.id for update of m
        """.encode(),  # noqa: S608 - our own columns
    )


# One is the usual case, and keeps its plan; of many PostgreSQL would make a new plan each time.
_LOCK = _locking(b"gy_lock", "= $1")
_LOCK_MANY = _locking(b"gy_lock_many", "= any($1::text[])")
_SUBJECTS = "from jsonb_to_recordset($1::jsonb) n (kind text, key bytea)"
_ADD_SUBJECTS = Statement(
    b"gy_subjects",
    f"insert into subject (kind, key) select kind, key {_SUBJECTS} order by 1, 2 on conflict do nothing".encode(),
)
_LOCK_SUBJECTS = Statement(
    b"gy_lock_subjects",
    f"""
    select from subject s where (s.kind, s.key) in (select n.kind, n.key {_SUBJECTS}) order by s.kind, s.key for update of s
    """.encode(),
)
# The number's row is locked last, and given back with the whole transaction when the command is refused.
_NUMBER = Statement(
    b"gy_number",
    b"""
    insert into number_series as s (series, unit, period, last)
        values ('', $1, to_char(city_now() at time zone 'Asia/Shanghai', 'YYYYMMDD'), 1)
        on conflict (series, unit, period) do update set last = s.last + 1
        returning nextval('matter_id_seq'), s.period, s.last
    """,
)


def _times(name: bytes, received: str) -> Statement:
    return Statement(
        name,
        f"""
        select c.anchor_city + ({received} - c.anchor_real) * c.rate,
            c.anchor_city + (clock_timestamp() - c.anchor_real) * c.rate, c.rate, a.request, a.answer
        from city_clock c left join command a on a.actor = $1 and a.key = $2
        """.encode(),  # noqa: S608 - one of two
    )


# Received when the transaction began, before any lock; inside another's transaction that moment is not ours.
_TIMES = _times(b"gy_times", "now()")
_TIMES_INSIDE = _times(b"gy_times_inside", "statement_timestamp()")


class MoreToLockError(Exception):
    """While we waited for a lock the matter got ties that we do not hold."""

    def __init__(self, refs: frozenset[str]) -> None:
        """Name the matters that are needed."""
        super().__init__(", ".join(sorted(refs)))
        self.refs = refs


@dataclass(slots=True)
class Loaded:
    """A locked matter.

    Attributes:
        id: its row. head: the last link of its journal. updated_at: when it last changed.
        agency: the agency it is under. procedure: the version it follows. matter: as the kernel sees it.
        number: what it is called by, given at its opening; empty for one that was open before.
    """

    id: int
    head: bytes
    updated_at: datetime | None
    agency: str
    procedure: Procedure
    matter: Matter
    number: str = ""


def ties(matter: Matter) -> set[str]:
    """The matters that an act on this one may touch."""
    found = {other for _, other in matter.relations}
    if matter.parent:
        found.add(matter.parent)
    return found


@dataclass(slots=True)
class Found:
    """What a command finds once it holds its locks.

    Attributes:
        received: city time when the command came in, before it waited. now: the same once it holds everything.
        rate: how many city seconds a real second has.
        request, answer: what was asked before under the same key, and what was answered.
        matters: the locked matters by their kernel id.
        fresh: for a new matter: its row, and the day and number it gets in its unit's series.
    """

    received: datetime
    now: datetime
    rate: float
    request: bytes | None
    answer: Any
    matters: dict[str, Loaded]
    fresh: tuple[int, str, int] | None


def lock(db: Db, wire: Wire, library: Library, order: Order, refs: list[str], unit: str | None) -> Found:
    """Begin, lock everything in the one order, and read what the decision needs: one wait.

    Args:
        db: the connection.
        wire: its transaction.
        library: the procedures.
        order: the command.
        refs: the matters to lock.
        unit: for a new matter, the unit whose series numbers it.
    """
    asked: list[tuple[Statement, Parameters]] = []
    if refs:
        asked.append((_LOCK, [refs[0].encode()]) if len(refs) == 1 else (_LOCK_MANY, [_array(refs)]))
    if order.subjects:
        subjects = orjson.dumps([{"kind": kind, "key": f"\\x{key.hex()}"} for kind, key in order.subjects])
        asked += [(_ADD_SUBJECTS, [subjects]), (_LOCK_SUBJECTS, [subjects])]
    if unit is not None:
        asked.append((_NUMBER, [unit.encode()]))
    asked.append((_TIMES_INSIDE if wire.inside else _TIMES, [order.actor.id.encode(), order.key.encode()]))
    answers = wire.begin(asked)
    received, now, rate, request, answer = answers[-1][0]
    matters = {}
    for row in answers[0] if refs else ():
        cells = columns(row)
        matters[cells[1]] = read(db, library, cells)
    fresh = None
    if unit is not None:
        ((row, day, number),) = answers[-2]
        fresh = (int(row), day.decode(), int(number))
    last = max((m.updated_at for m in matters.values() if m.updated_at), default=None)
    at = moment(now)
    return Found(
        moment(received), at if last is None else max(at, last), float(rate),
        bytes.fromhex(request[2:].decode()) if request is not None else None,
        orjson.loads(answer) if answer is not None else None, matters, fresh,
    )  # fmt: skip


def columns(cells: Sequence[Any]) -> Columns:
    """A matter's row from the texts that came over the wire."""
    id_, ref, procedure, version, head, updated, agency, snapshot = cells
    return (
        int(id_), ref.decode(), procedure.decode(), int(version), head.decode(), moment(updated), agency.decode(),
        orjson.loads(snapshot),
    )  # fmt: skip


def moment(text: bytes) -> datetime:
    """A moment from PostgreSQL's text."""
    return datetime.fromisoformat(text.decode()).astimezone(UTC)


def _array(texts: list[str]) -> bytes:
    quoted = (t.replace("\\", "\\\\").replace('"', '\\"') for t in texts)
    return ("{" + ",".join(f'"{t}"' for t in quoted) + "}").encode()


def read(db: Db, library: Library, row: Columns) -> Loaded:
    """A matter from its row, in the order of :data:`COLUMNS`."""
    id_, _, code, version, head, updated, agency, snapshot = row
    procedure = library.find(db, code, version)
    fields = snapshot["fields"]
    # Personal fields hold digests, which are not of the field's kind.
    personal = {name: fields.pop(name) for name in procedure.tables.personal if name in fields}
    matter = read_matter(snapshot, procedure)
    if personal:
        matter.fields.update(personal)  # type: ignore[attr-defined]  # a plain dict
    return Loaded(id_, bytes.fromhex(head), updated, agency, procedure, matter)
