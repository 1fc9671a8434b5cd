"""Tampering as a superuser, and whether the verification finds every single case.

Ten thousand changes in sealed ranges: a character or a bit flipped, entries removed (the head mended or not), entries
swapped, whole matters removed, and whole chains written anew with right links and a right head.
Each round spoils hundreds of matters at once; the verification must name every one of them and no other.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from bench.records_fill import fill
from bench.records_home import bench_database
from bench.table import Bench, Row, row
from guangyue.records import chain
from guangyue.records.seals.note import SigningKey, VerifyingKey
from guangyue.records.seals.sealing import take
from guangyue.records.seals.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["BENCHES", "TAMPERS", "spoil_and_find"]

Db = psycopg.Connection[Any]
Entries = list[tuple[int, str, bytes]]


def _entries(db: Db, matter: int) -> Entries:
    return db.execute("select seq, body, hash from journal where matter_id = %s order by seq", [matter]).fetchall()


def _set(db: Db, matter: int, seq: int, column: str, value: str | bytes) -> None:
    statement = sql.SQL("update journal set {} = %s where matter_id = %s and seq = %s")
    db.execute(statement.format(sql.Identifier(column)), [value, matter, seq])


def _head(db: Db, matter: int, seq: int, head: bytes) -> None:
    db.execute("update matter set seq = %s, head = %s where id = %s", [seq, head, matter])


def flip_text(db: Db, dice: random.Random, matter: int) -> None:
    """Another character somewhere in an entry's text."""
    seq, body, _ = dice.choice(_entries(db, matter))
    while True:
        at = dice.randrange(len(body))
        other = chr(ord(body[at]) ^ (1 << dice.randrange(4)))
        if other.isprintable():
            return _set(db, matter, seq, "body", body[:at] + other + body[at + 1 :])


def flip_hash(db: Db, dice: random.Random, matter: int) -> None:
    """One bit of a kept hash."""
    seq, _, kept = dice.choice(_entries(db, matter))
    bit = dice.randrange(256)
    _set(db, matter, seq, "hash", bytes(b ^ (1 << bit % 8 if i == bit // 8 else 0) for i, b in enumerate(kept)))


def remove(db: Db, dice: random.Random, matter: int) -> None:
    """An entry from the middle."""
    db.execute("delete from journal where matter_id = %s and seq = %s", [matter, dice.choice(_entries(db, matter))[0]])


def cut(db: Db, dice: random.Random, matter: int) -> None:
    """The last entries, with the head mended."""
    entries = _entries(db, matter)
    keep = dice.randrange(len(entries))
    db.execute("delete from journal where matter_id = %s and seq > %s", [matter, keep])
    _head(db, matter, keep, entries[keep - 1][2] if keep else chain.matter_genesis(matter))


def swap(db: Db, dice: random.Random, matter: int) -> None:
    """Two entries change places, numbers in their texts included, hashes left or taken along."""
    (a, text_a, hash_a), (b, text_b, hash_b) = dice.sample(_entries(db, matter), 2)
    _set(db, matter, a, "body", text_b.replace(f'"seq":{b},', f'"seq":{a},'))
    _set(db, matter, b, "body", text_a.replace(f'"seq":{a},', f'"seq":{b},'))
    if dice.random() < 0.5:
        _set(db, matter, a, "hash", hash_b)
        _set(db, matter, b, "hash", hash_a)


def write_anew(db: Db, dice: random.Random, matter: int) -> None:
    """One word changed and everything after it linked again, as whoever owns the database can do."""
    entries = _entries(db, matter)
    which = dice.randrange(len(entries))
    prev = entries[which - 1][2] if which else chain.matter_genesis(matter)
    for number, (seq, body, _) in enumerate(entries[which:]):
        text = body.replace("盲道", "人行道", 1) if number == 0 else body
        prev = chain.link(prev, seq, text)
        _set(db, matter, seq, "body", text)
        _set(db, matter, seq, "hash", prev)
    _head(db, matter, len(entries), prev)


def forget(db: Db, _dice: random.Random, matter: int) -> None:
    """The whole matter."""
    db.execute("delete from journal where matter_id = %s", [matter])
    db.execute("delete from matter where id = %s", [matter])


TAMPERS: tuple[Callable[[Db, random.Random, int], None], ...] = (
    flip_text, flip_hash, remove, cut, swap, write_anew, forget,
)  # fmt: skip


def spoil_and_find(
    db: Db, key: VerifyingKey, exported: Path, *, dice: random.Random, cases: int
) -> tuple[int, list[str]]:
    """Spoil ``cases`` matters in one transaction, verify, and roll back.

    Returns:
        how many were found, and what was wrong with the finding: missed or falsely accused matters.
    """
    last = db.execute("select max(id) from matter").fetchone()[0]  # type: ignore[index]
    db.rollback()
    matters = dice.sample(range(1, last + 1), cases)
    db.execute("set local session_replication_role = replica")
    db.execute("alter table journal drop constraint journal_says")  # which would refuse most of what follows
    for number, matter in enumerate(matters):
        TAMPERS[number % len(TAMPERS)](db, dice, matter)
    accused = {f.chain for f in verify(db, key, exported=exported).findings} - {"journal"}  # the dropped constraint
    db.rollback()
    wanted = {f"matter {m}": TAMPERS[i % len(TAMPERS)].__name__ for i, m in enumerate(matters)}
    wrong = [f"missed {name} ({how})" for name, how in wanted.items() if name not in accused]
    wrong += [f"falsely accused {name}" for name in accused - wanted.keys()]
    return len(wanted.keys() & accused), wrong


def measure() -> Iterable[Row]:
    """Ten thousand cases in twenty rounds over 125,000 sealed entries."""
    dice = random.Random(20221122)
    with bench_database("tamper") as dsn, tempfile.TemporaryDirectory() as kept:
        fill(dsn, matters=25_000, entries=5)
        key = SigningKey.load(Path(kept) / "seal.key", "bench/journal")
        with psycopg.connect(dsn) as db:
            made = take(db, key, everything=True)
            db.commit()
            assert made is not None
            (Path(kept) / f"{made.n:08}.checkpoint").write_text(made.checkpoint)
            clean = verify(db, key.verifying(), exported=Path(kept))
            db.rollback()
            assert clean.sound, clean.findings[:3]
            found, wrong = 0, []
            for _ in range(20):
                more, faults = spoil_and_find(db, key.verifying(), Path(kept), dice=dice, cases=500)
                found += more
                wrong += faults
    kinds = f"{len(TAMPERS)} kinds as superuser, seed 20221122"
    how = f"20 rounds of 500 in {clean.entries:,} sealed entries, {kinds}; {len(wrong)} missed or falsely accused"
    yield row("journal.tamper", found, how, ok=not wrong)


BENCHES = (Bench(("journal.tamper",), measure),)
