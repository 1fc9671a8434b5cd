"""The tables a decision writes: what a row of each holds, and the one statement that writes it.

A single row goes as the statement's own parameters, the usual case and the quickest; many rows go as one JSON document.
Either way the statement is the same, prepared once a connection, and finds what it changes by key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

__all__ = ["MATTERS", "TABLES", "WAKE", "Statement", "Table"]

Row = dict[str, Any]
Parameters = list[bytes | None]


_AS_TEXT: dict[type, Callable[[Any], bytes | None]] = {
    type(None): lambda _: None,
    str: str.encode,
    bool: lambda value: b"t" if value else b"f",
    int: b"%d".__mod__,
}
"""A value as PostgreSQL reads it; anything else is JSON."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement kept prepared on a connection under its name."""

    name: bytes
    sql: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind.

    Attributes:
        name: what the rows are called.
        columns: each with its type, in the order of the row.
        write: the statement; ``{rows}`` stands for where the rows come from.
    """

    name: str
    columns: str
    write: str
    names: tuple[str, ...] = field(init=False)
    one: Statement = field(init=False)
    many: Statement = field(init=False)

    def __post_init__(self) -> None:
        """Write out both statements."""
        pairs = [c.split(maxsplit=1) for c in self.columns.replace("\n", " ").split(", ")]
        names = tuple(name for name, _ in pairs)
        single = ", ".join(f"${n}::{kind} as {name}" for n, (name, kind) in enumerate(pairs, 1))
        sources = {
            "one": f"(select {single}) r",
            "many": f"jsonb_to_recordset($1::jsonb) r ({', '.join(f'{name} {kind}' for name, kind in pairs)})",
        }
        object.__setattr__(self, "names", names)
        for form, rows in sources.items():
            made = Statement(f"gy_{self.name}_{form}".encode(), self.write.replace("{rows}", rows).encode())
            object.__setattr__(self, form, made)

    def writing(self, rows: list[Row]) -> tuple[Statement, Parameters]:
        """The statement and its parameters for these rows."""
        if len(rows) == 1:
            (row,) = rows
            return self.one, [_AS_TEXT.get(type(value := row[name]), orjson.dumps)(value) for name in self.names]
        return self.many, [orjson.dumps(rows)]


_STANDING = """state text, version int, holder text, agency text, snapshot jsonb, updated_at timestamptz,
closed_at timestamptz, due_at timestamptz, title text, place text, lon int, lat int, cell bigint, subject bytea,
assignee text, seq int, head bytea""".replace("\n", " ")
_NAMES = ", ".join(c.split()[0] for c in _STANDING.split(", "))

TABLES = (
    Table(
        "journal",
        "id bigint, seq int, body text, hash bytea, kind text, act text, actor text, at timestamptz, clock bigint",
        "insert into journal (matter_id, seq, body, hash, kind, act, actor, at, deadline_id) select r.* from {rows}",
    ),
    Table(
        "open",
        f"id bigint, ref text, number text, procedure text, parent_id bigint, opened_at timestamptz, {_STANDING}",
        f"insert into matter (id, ref, number, procedure, parent_id, opened_at, {_NAMES}) select r.* from {{rows}}",  # noqa: S608
    ),
    Table(
        "matter",
        f"id bigint, {_STANDING}",
        f"update matter m set ({_NAMES}) = ({', '.join(f'r.{n}' for n in _NAMES.split(', '))})"  # noqa: S608
        " from {rows} where m.id = r.id",
    ),
    # A clock that was fired and runs again is a new row to the journal's once-only gate.
    Table(
        "clocks",
        "id bigint, key text, occurrence int, status text, started_at timestamptz, due_at timestamptz, armed_seq int,"
        " provisional boolean, basis jsonb, ended_at timestamptz",
        """insert into deadline as d (matter_id, key, occurrence, status, started_at, due_at, armed_seq, provisional, basis,
        ended_at) select r.* from {rows}
        on conflict (matter_id, key, occurrence) do update set
            id = case when d.status = 'fired' and excluded.status = 'pending' then nextval('deadline_id_seq') else d.id end,
            status = excluded.status, due_at = excluded.due_at, provisional = excluded.provisional,
            basis = excluded.basis, ended_at = excluded.ended_at, attempts = 0, next_attempt_at = null,
            last_error = null""",
    ),
    Table("change", "id bigint, seq int", "insert into change (matter_id, seq) select r.* from {rows}"),
    Table(
        "pieces",
        "id bigint, seq int, sha256 text",
        "insert into piece (matter_id, seq, sha256) select r.* from {rows} on conflict do nothing",
    ),
    Table(
        "tasks",
        "id bigint, code text, number int, hop int, unit text, status text, since timestamptz, by text, note text",
        """insert into task (matter_id, code, number, hop, unit, status, since, by, note) select r.* from {rows}
        on conflict (matter_id, code, number, hop) do update set unit = excluded.unit, status = excluded.status,
            since = excluded.since, by = excluded.by, note = excluded.note""",
    ),
    Table(
        "relations",
        "id bigint, kind text, ref text, at timestamptz",
        """insert into relation (matter_id, kind, other_id, made_at) select r.id, r.kind, m.id, r.at
        from {rows} join matter m on m.ref = r.ref on conflict do nothing""",
    ),
    Table(
        "unties",
        "id bigint, kind text, ref text",
        """delete from relation t using {rows}, matter m
        where m.ref = r.ref and t.matter_id = r.id and t.kind = r.kind and t.other_id = m.id""",
    ),
    Table(
        "papers",
        "id bigint, seq int, code text, number text, facts jsonb, at timestamptz",
        "insert into document (matter_id, seq, code, number, facts, issued_at) select r.* from {rows}",
    ),
    Table(
        "personal",
        "id bigint, seq int, name text, kind text, token bytea, search bytea, digest text, at timestamptz",
        """insert into personal_value (matter_id, seq, name, kind, token, search, digest, made_at)
        select r.* from {rows}""",
    ),
    Table(
        "parties",
        "id bigint, role text, account text, search bytea, at timestamptz",
        "insert into party (matter_id, role, account, search, made_at) select r.* from {rows}",
    ),
    Table(
        "involved",
        "unit text, id bigint, at timestamptz",
        """insert into involvement (unit, matter_id, since, opened_at) select r.unit, r.id, r.at, m.opened_at
        from {rows} join matter m on m.id = r.id on conflict do nothing""",
    ),
    Table(
        "tally",
        "procedure text, figure text, at timestamptz, unit text, amount bigint, id bigint, seq int",
        "insert into tally (procedure, figure, at, unit, amount, matter_id, seq) select r.* from {rows}",
    ),
    Table(
        "outbox",
        "channel text, key text, id bigint, seq int, payload jsonb, at timestamptz",
        """insert into outbox (channel, key, matter_id, seq, payload, made_at, next_attempt_at)
        select r.channel, r.key, r.id, r.seq, r.payload, r.at, r.at from {rows}
        on conflict (channel, key) do nothing""",
    ),
    Table("looks", "body text", "insert into access_log (body) select r.body from {rows}"),
    Table(
        "handed_in",
        "id bigint, evidence uuid",
        "update evidence_evidence e set matter_id = r.id from {rows} where e.id = r.evidence and e.matter_id is null",
    ),
    Table(
        "command",
        "actor text, key text, request bytea, id bigint, answer jsonb",
        "insert into command (actor, key, request, matter_id, answer) select r.* from {rows}",
    ),
)
"""In the order of dependence: the journal before the head that points to it, a matter before what hangs on it."""
MATTERS = next(table for table in TABLES if table.name == "open")
"""From here on the rows say how a matter stands at the end, and have to be worked out first."""
WAKE = Statement(b"gy_wake", b"select pg_notify('deadline', $1)")
