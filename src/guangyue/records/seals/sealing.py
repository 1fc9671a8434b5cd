"""Making a seal: take the heads that moved, append them to the log, sign its root, and carry the checkpoint outside."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

from guangyue.records import chain
from guangyue.records.access_log import link_entries
from guangyue.records.database import Db, alone
from guangyue.records.seals.log import Log, edge, grow
from guangyue.records.seals.merkle import Range, of_leaf, sm3
from guangyue.records.seals.note import Checkpoint, SigningKey

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

__all__ = ["Seal", "export", "seal", "signing_key", "take"]

LOCK = 0x6775616E67_01
"""Sealing takes this advisory lock: seals are numbered, so they are made one after another."""
OVERLAP = "15 minutes"
"""No transaction lasts longer, so an entry written before the last seal but committed after it is still seen."""

_MOVED = f"""
    with recent as (
        select distinct matter_id from journal
        where written_at > (select coalesce(max(at), '-infinity') from seal) - interval '{OVERLAP}' or %(all)s
    ), heads as (
        select 'matter ' || m.id as chain, m.seq, m.head, 0 as kind, m.id as place
            from recent join matter m on m.id = recent.matter_id
        union all
        select 'access ' || to_char(day, 'YYYY-MM-DD'), seq, head, 1, day - date '1970-01-01' from access_day
            where seq > 0 and (day > (select coalesce(max(at), '-infinity') from seal)::date - 3 or %(all)s)
    )
    select chain, seq, head from heads
    where not exists (select from seal_leaf l where l.chain = heads.chain and l.seq = heads.seq)
    order by kind, place
"""  # noqa: S608 - our own constant


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal as it was made.

    Attributes:
        n: its number. size: leaves in the log. leaves: how many of them are new.
        checkpoint: the signed text.
    """

    n: int
    size: int
    leaves: int
    checkpoint: str


def signing_key() -> SigningKey:
    """The key of this installation, from ``GUANGYUE_SEAL_KEY`` or the installation's own folder."""
    path: Path = settings.GUANGYUE_SEAL_KEY
    return SigningKey.load(path, settings.GUANGYUE_ORIGIN)


def seal(key: SigningKey, *, everything: bool = False) -> Seal | None:
    """Seal all heads that moved since the last seal, and export the checkpoint; nothing when none did.

    Args:
        key: signs the checkpoint.
        everything: look at every matter instead of those with recent entries (once a day, and after a restore).
    """
    with alone() as db:
        made = take(db, key, everything=everything, use_sm3=settings.GUANGYUE_SM3)
    if made is not None:
        export(made, settings.GUANGYUE_SEAL_EXPORTS)
    return made


def take(db: Db, key: SigningKey, *, everything: bool = False, use_sm3: bool = False) -> Seal | None:
    """Make the seal inside an open transaction; nothing is carried outside yet.

    Args:
        db: in a transaction that the caller commits.
        key: signs the checkpoint.
        everything: look at every matter.
        use_sm3: carry an SM3 root as well.
    """
    db.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    link_entries(db)
    leaves = [(name, seq, bytes(head)) for name, seq, head in db.execute(_MOVED, {"all": everything})]
    if not leaves:
        return None
    before = db.execute("select n, size, checkpoint from seal order by n desc limit 1").fetchone() or (0, 0, "")
    edges = [edge(Log(db), before[1])]
    if use_sm3:
        edges.append(_sm3_edge(db, before[1]))
    grow(db, edges, leaves)
    at = db.execute("select clock_timestamp()").fetchone()[0]  # type: ignore[index]
    more = _lines(before[0] + 1, at, before[2], edges)
    checkpoint = Checkpoint(key.name, edges[0].size, edges[0].root(), more)
    signed = key.sign(checkpoint.text())
    db.execute(
        "insert into seal (n, size, root, at, checkpoint) values (%s, %s, %s, %s, %s)",
        [before[0] + 1, checkpoint.size, checkpoint.root, at, signed],
    )
    return Seal(before[0] + 1, checkpoint.size, len(leaves), signed)


def _lines(n: int, at: datetime, before: str, edges: list[Range]) -> tuple[str, ...]:
    lines = [f"seal {n}", f"at {at.isoformat(timespec='seconds')}"]
    if before:
        lines.append(f"after {base64.b64encode(sha256(before.encode()).digest()).decode()}")
    if len(edges) > 1:
        lines.append(f"sm3 {base64.b64encode(edges[1].root()).decode()}")
    return tuple(lines)


def _sm3_edge(db: Db, size: int) -> Range:
    """The SM3 edge; where SM3 was switched on late, every leaf so far is hashed once more."""
    try:
        return edge(Log(db, use_sm3=True), size)
    except LookupError:
        growing = Range(sm3)
        for name, seq, head in db.execute("select chain, seq, head from seal_leaf order by position"):
            growing.append(of_leaf(chain.leaf(name, seq, bytes(head)), sm3))
        return growing


def export(made: Seal, folders: list[Path]) -> None:
    """Write the checkpoint into each folder, synced to disk; an existing file is never overwritten.

    Raises:
        FileExistsError: when a folder already holds another checkpoint of that number: this is no longer one log.
    """
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{made.n:08}.checkpoint"
        if target.exists():
            if target.read_text() != made.checkpoint:
                raise FileExistsError(f"{target} holds another checkpoint")
            continue
        unfinished = target.with_suffix(".tmp")
        with unfinished.open("w") as file:
            file.write(made.checkpoint)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
