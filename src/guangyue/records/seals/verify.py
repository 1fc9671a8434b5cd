"""Verification: every chain link by link, every head, every seal, every checkpoint that was carried outside.

The check is made from the texts alone, in Python, in one consistent picture of the database. It reports every finding;
the first one of a chain names the entry, what was expected and what was found.
"""

from __future__ import annotations

import struct
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from guangyue.records import chain
from guangyue.records.seals.report import Finding, Report
from guangyue.records.seals.verify_log import verify_leaves, verify_seals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from guangyue.records.database import Db
    from guangyue.records.seals.note import VerifyingKey

__all__ = ["verify"]

WIDTH = 1_000
"""Matters fetched at a time."""
DERIVED = {"access_log": ("viewer", "purpose", "what", "matter_id", "subject", "at")}
"""Columns that the database reads out of the text itself; nobody can set them, unless the table is altered first."""
_JOURNAL_SQL = Path(__file__).parents[1] / "sql" / "0001_journal.sql"
Head = tuple[str, bytes, int, bytes]
Rows = psycopg.Cursor[Any]
_ROW = struct.Struct(">qii")
_MATTERS = """
    select string_agg(
        int8send(matter_id) || int4send(seq) || int4send(octet_length(body)) || convert_to(body, 'UTF8') || hash, '')
    from (select * from journal where matter_id between %s and %s order by matter_id, seq) chunk
"""
_HEADS = "select id, seq, head from matter where id between %s and %s"
_DAYS = """
    select string_agg(
        int8send((day - date '1970-01-01')::bigint) || int4send(seq) || int4send(octet_length(body))
        || convert_to(body, 'UTF8') || hash, '')
    from (select day, seq, body, hash from access_log where day = %s order by seq) chunk
"""


def verify(
    db: Db, key: VerifyingKey | None, *, exported: Path | None = None, matter: int | None = None, since: int = 0
) -> Report:
    """Check the journal, the access log, and the seals.

    Args:
        db: inside a repeatable-read transaction.
        key: the public key, as it was kept elsewhere; without it signatures go unchecked and that is a finding.
        exported: a folder of checkpoints kept outside the database.
        matter: only this matter's chain, and no seals but those of its own heads.
        since: only matters with a leaf in a seal after this number, or none yet.
    """
    report = Report()
    _matters(db, report, matter, since)
    if matter is None:
        _access(db, report)
        verify_seals(db, report, key, exported)
    verify_leaves(db, report, matter)
    return report


def _generated(db: Db, report: Report) -> None:
    """The database must still hold the columns beside the text to what the text says."""
    rows = db.execute(
        "select wanted.place, wanted.name from unnest(%s::text[], %s::text[]) wanted (place, name)"
        " left join pg_attribute a on a.attrelid = wanted.place::regclass and a.attname = wanted.name"
        " where a.attgenerated is distinct from 's'",
        [[t for t, names in DERIVED.items() for _ in names], [n for names in DERIVED.values() for n in names]],
    )
    report.findings += [Finding(table, 0, "schema.column_not_derived", "generated", name) for table, name in rows]
    held = db.execute(
        "select p.prosrc from pg_constraint c, pg_proc p where c.conrelid = 'journal'::regclass and c.convalidated"
        " and c.conname = 'journal_says' and p.proname = 'journal_says'"
    ).fetchone()
    if held is None or held[0].strip() not in _JOURNAL_SQL.read_text("utf-8"):
        report.findings.append(Finding("journal", 0, "schema.column_not_derived", "checked", "journal_says"))


def _check(report: Report, packed: bytes, heads: Mapping[int, Head]) -> None:
    """Follow the chains in a run of packed rows; ``heads`` has name, genesis, last seq and head of each."""
    at, end = 0, len(packed)
    unpack = _ROW.unpack_from
    now, name, prev, expected, broken = None, "", b"", 1, True
    seen: set[int] = set()
    while at < end:
        key, seq, length = unpack(packed, at)
        text = packed[at + 16 : at + 16 + length]
        at += 48 + length
        kept = packed[at - 32 : at]
        if key != now:
            if now is not None and not broken:
                _ends(report, name, expected - 1, prev, heads[now])
            now = key
            seen.add(key)
            broken = key not in heads
            if broken:
                report.findings.append(Finding(f"chain {key}", 0, "journal.without_matter"))
                continue
            name, prev, expected = heads[key][0], heads[key][1], 1
        report.entries += 1
        if broken:
            continue
        computed = sha256(b"%s%d\n%s" % (prev, seq, text)).digest()
        if seq != expected:
            report.findings.append(Finding(name, expected, "journal.missing_entry", str(expected), str(seq)))
            broken = True
        elif computed != kept:
            report.findings.append(Finding(name, seq, "journal.broken_link", computed.hex(), kept.hex()))
            broken = True
        prev = kept
        expected += 1
    if now is not None and not broken:
        _ends(report, name, expected - 1, prev, heads[now])
    for key in heads.keys() - seen:
        name, genesis, seq, head = heads[key]
        if seq:
            report.findings.append(Finding(name, 1, "journal.missing_entry", f"{seq} entries", "none"))
        elif head != genesis:
            report.findings.append(Finding(name, 0, "journal.wrong_head", genesis.hex(), head.hex()))


def _ends(report: Report, name: str, seq: int, prev: bytes, head: Head) -> None:
    if (seq, prev) != (head[2], head[3]):
        report.findings.append(
            Finding(name, seq, "journal.wrong_head", f"{seq} {prev.hex()}", f"{head[2]} {head[3].hex()}")
        )


def _spans(db: Db, matter: int | None, since: int) -> Iterator[tuple[int, int]]:
    if matter is not None:
        yield matter, matter
        return
    if since:
        rows = db.execute(
            "with before as (select size from seal where n = %s) select id from matter m where not exists ("
            " select from seal_leaf l where l.chain = 'matter ' || m.id and l.seq = m.seq"
            " and l.position < (select size from before)) order by id",
            [since],
        ).fetchall()
        yield from ((row[0], row[0]) for row in rows)
        return
    first, last = db.execute(
        "select least((select min(id) from matter), (select min(matter_id) from journal)),"
        " greatest((select max(id) from matter), (select max(matter_id) from journal))"
    ).fetchone()  # type: ignore[misc]
    if first is not None:
        for start in range(first, last + 1, WIDTH):
            yield start, start + WIDTH - 1


def _matters(db: Db, report: Report, matter: int | None, since: int) -> None:
    _generated(db, report)
    spans = iter(list(_spans(db, matter, since)))
    with db.pipeline():  # the database packs the next run while this one is being hashed
        ahead = _ask(db, next(spans, None))
        while ahead is not None:
            rows, packed = ahead
            ahead = _ask(db, next(spans, None))
            heads = {
                number: (f"matter {number}", chain.matter_genesis(number), seq, bytes(head))
                for number, seq, head in rows.fetchall()
            }
            report.chains += len(heads)
            found = packed.fetchone()
            _check(report, found[0] or b"" if found else b"", heads)


def _binary(db: Db) -> Rows:
    """A cursor for binary answers; on Django's connection the usual one binds on the client and has none."""
    cursor = psycopg.Cursor(db)
    cursor.format = psycopg.pq.Format.BINARY
    return cursor


def _ask(db: Db, span: tuple[int, int] | None) -> tuple[Rows, Rows] | None:
    if span is None:
        return None
    return _binary(db).execute(_HEADS, span), _binary(db).execute(_MATTERS, span)


def _access(db: Db, report: Report) -> None:
    epoch = date(1970, 1, 1)
    days: list[tuple[date, int, bytes]] = db.execute("select day, seq, head from access_day order by day").fetchall()
    for day, seq, head in days:
        packed = _binary(db).execute(_DAYS, [day]).fetchone()
        heads = {(day - epoch).days: (f"access {day}", chain.access_genesis(day), seq, bytes(head))}
        _check(report, packed[0] or b"" if packed else b"", heads)
    report.chains += len(days)
    for (day,) in db.execute(
        "select distinct day from access_log where hash is not null except select day from access_day"
    ):
        report.findings.append(Finding(f"access {day}", 0, "access.without_day"))
