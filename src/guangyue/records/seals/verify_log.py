"""Verification of the sealed log: every head it names, every root, every signature, every copy kept outside."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from guangyue.records import chain
from guangyue.records.seals.log import KEPT_LEVEL
from guangyue.records.seals.merkle import Range, of_leaf, sm3
from guangyue.records.seals.note import Checkpoint, NoteError, VerifyingKey, read_signed
from guangyue.records.seals.report import Finding, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from guangyue.records.database import Db

__all__ = ["verify_leaves", "verify_seals"]


def verify_leaves(db: Db, report: Report, matter: int | None) -> None:
    """Every sealed head must still be the hash of that entry."""
    rows = db.execute(
        "select l.chain, l.seq, l.head, j.hash from seal_leaf l left join journal j"
        " on j.matter_id = split_part(l.chain, ' ', 2)::bigint and j.seq = l.seq"
        " where l.chain like %s and j.hash is distinct from l.head order by l.position",
        ["matter %" if matter is None else f"matter {matter}"],
    ).fetchall()
    if matter is None:
        rows += db.execute(
            "select l.chain, l.seq, l.head, a.hash from seal_leaf l left join access_log a"
            " on a.day = split_part(l.chain, ' ', 2)::date and a.seq = l.seq"
            " where l.chain like 'access %' and a.hash is distinct from l.head order by l.position"
        ).fetchall()
    for name, seq, head, found in rows:
        there = bytes(found).hex() if found else "nothing"
        report.findings.append(Finding(name, seq, "seal.other_head", bytes(head).hex(), there))
    report.unsealed = db.execute(
        "select coalesce(sum(m.seq - coalesce("
        "(select max(l.seq) from seal_leaf l where l.chain = 'matter ' || m.id), 0)), 0)"
        " from matter m where %(matter)s::bigint is null or m.id = %(matter)s",
        {"matter": matter},
    ).fetchone()[0]  # type: ignore[index]


def verify_seals(db: Db, report: Report, key: VerifyingKey | None, exported: Path | None) -> None:
    """The seals follow each other, say what the log says, are signed, and are the ones that were carried outside."""
    rows = db.execute("select n, size, root, checkpoint from seal order by n").fetchall()
    by_size = {size: (n, bytes(root)) for n, size, root, _ in rows}
    report.seals = len(rows)
    if rows and key is None:
        report.findings.append(Finding("log", 0, "seal.no_key", "a verifying key", "none"))
    _tree(db, report, by_size, {s: c for _, s, _, c in rows})
    before = ""
    for expected, (n, size, root, checkpoint) in enumerate(rows, 1):
        if n != expected:
            report.findings.append(Finding("log", 0, "seal.missing", str(expected), str(n)))
            break
        codes = _wrong(checkpoint, key, (n, size, bytes(root)), before)
        report.findings += [Finding(f"seal {n}", 0, code) for code in codes]
        before = checkpoint
    if exported is not None:
        _exports(report, exported, {n: checkpoint for n, _, _, checkpoint in rows})


def _wrong(note: str, key: VerifyingKey | None, sealed: tuple[int, int, bytes], before: str) -> Iterator[str]:
    """What is wrong with one checkpoint text, by stable codes."""
    try:
        said = Checkpoint.parse(read_signed(note, key) if key else note.rpartition("\n\n")[0] + "\n")
    except NoteError:
        yield "seal.wrong_signature"
        return
    if (said.said("seal"), said.size, said.root) != (str(sealed[0]), *sealed[1:]):
        yield "seal.other_text"
    if before and said.said("after") != base64.b64encode(sha256(before.encode()).digest()).decode():
        yield "seal.other_predecessor"


def _tree(db: Db, report: Report, by_size: Mapping[int, tuple[int, bytes]], notes: Mapping[int, str]) -> None:
    """Grow the tree anew from its leaves and compare every sealed root and every kept subtree."""
    growing, kept = Range(), {}
    second = Range(sm3) if any("\nsm3 " in note for note in notes.values()) else None
    for position, name, seq, head in _stream(db):
        if position != growing.size:
            report.findings.append(Finding("log", 0, "seal.missing_leaf", str(growing.size), str(position)))
            return
        data = chain.leaf(name, seq, head)
        for level, place, node in growing.append(of_leaf(data)):
            if level >= KEPT_LEVEL:
                kept[level, place] = node
        if second is not None:
            second.append(of_leaf(data, sm3))
        if growing.size in by_size:
            report.findings += _roots(by_size[growing.size], notes[growing.size], growing, second)
    wanted = max(by_size, default=0)
    if wanted != growing.size:
        report.findings.append(Finding("log", 0, "seal.wrong_size", str(wanted), str(growing.size)))
    nodes = db.execute("select level, position, hash from seal_node")
    if {(level, place): bytes(node) for level, place, node in nodes} != kept:
        report.findings.append(Finding("log", 0, "seal.wrong_subtrees"))


def _stream(db: Db) -> Iterator[tuple[int, str, int, bytes]]:
    with db.cursor(name="leaves", binary=True) as cursor:
        cursor.itersize = 10_000
        cursor.execute("select position, chain, seq, head from seal_leaf order by position")
        yield from cursor


def _roots(sealed: tuple[int, bytes], note: str, growing: Range, second: Range | None) -> Iterator[Finding]:
    n, root = sealed
    if growing.root() != root:
        yield Finding(f"seal {n}", 0, "seal.other_root", growing.root().hex(), root.hex())
    if second is not None and "\nsm3 " in note:
        said = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").said("sm3")
        if said != base64.b64encode(second.root()).decode():
            yield Finding(f"seal {n}", 0, "seal.other_sm3_root", base64.b64encode(second.root()).decode(), said)


def _exports(report: Report, folder: Path, ours: Mapping[int, str]) -> None:
    for path in sorted(folder.glob("*.checkpoint")):
        n = int(path.stem)
        if n not in ours:
            report.findings.append(Finding(f"seal {n}", 0, "seal.missing", path.name, "not in the database"))
        elif path.read_text() != ours[n]:
            report.findings.append(Finding(f"seal {n}", 0, "seal.not_as_exported"))
