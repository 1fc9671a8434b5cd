"""A proof that one entry stood in the journal when it was sealed: small, and checkable by anybody.

It holds the entry, the entries after it up to the next sealed head (they link it there), the path from that head to a
signed root, and the signed checkpoint. ``scripts/proof/check_proof.py`` checks it with the standard library alone.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from guangyue.records import chain
from guangyue.records.seals.log import Log
from guangyue.records.seals.merkle import inclusion
from guangyue.records.seals.note import Checkpoint

if TYPE_CHECKING:
    from guangyue.records.database import Db
    from guangyue.records.seals.note import VerifyingKey

__all__ = ["FORMAT", "NotSealedError", "prove"]

FORMAT = "guangyue-proof/1"


class NotSealedError(LookupError):
    """The entry does not exist, or no seal covers it yet."""


def prove(db: Db, matter: int, seq: int, key: VerifyingKey) -> dict[str, Any]:
    """The proof of one entry as plain data.

    Args:
        db: inside a repeatable-read transaction.
        matter: the matter's id.
        seq: the entry's number in the matter.
        key: named in the proof, so that the reader knows which key to ask for elsewhere.

    Raises:
        NotSealedError: when there is nothing to prove (yet).
    """
    name = f"matter {matter}"
    found = db.execute(
        "select position, seq, head from seal_leaf where chain = %s and seq >= %s order by seq limit 1", [name, seq]
    ).fetchone()
    if found is None or seq < 1:
        there = db.execute("select 1 from journal where matter_id = %s and seq = %s", [matter, seq]).fetchone()
        raise NotSealedError(
            f"{name}#{seq} " + ("is not sealed yet; the next seal covers it" if there else "does not exist")
        )
    position, sealed_seq, head = found
    n, note = db.execute("select n, checkpoint from seal where size > %s order by n limit 1", [position]).fetchone()  # type: ignore[misc]
    said = Checkpoint.parse(note.rpartition("\n\n")[0] + "\n")
    before = db.execute("select hash from journal where matter_id = %s and seq = %s", [matter, seq - 1]).fetchone()
    bodies = db.execute(
        "select body from journal where matter_id = %s and seq between %s and %s order by seq",
        [matter, seq, sealed_seq],
    ).fetchall()
    return {
        "format": FORMAT,
        "chain": name,
        "seq": seq,
        "prev": (bytes(before[0]) if before else chain.matter_genesis(matter)).hex(),
        "bodies": [b[0] for b in bodies],
        "leaf": {"position": position, "seq": sealed_seq, "head": bytes(head).hex()},
        "path": [base64.b64encode(p).decode() for p in inclusion(Log(db), position, said.size)],
        "seal": n,
        "checkpoint": note,
        "key": str(key),
    }
