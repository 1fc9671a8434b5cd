"""Matters as they are read under lock.

Lock order, always: matters by id, then subject rows, then number rows. Whoever needs more matters than it holds lets go
and begins again with all of them, so that two commands can never wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from guangyue.kernel import Matter, read_matter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.kernel import Procedure
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["COLUMNS", "Loaded", "MoreToLockError", "read", "ties"]

COLUMNS = "m.id, m.ref, m.procedure, m.version, encode(m.head, 'hex') as head, m.updated_at, m.agency, m.snapshot"


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


def read(db: Db, library: Library, row: Mapping[str, Any]) -> Loaded:
    """A matter from its row."""
    procedure = library.find(db, row["procedure"], row["version"])
    snapshot, updated = row["snapshot"], row["updated_at"]
    fields = snapshot["fields"]
    # Personal fields hold digests, which are not of the field's kind.
    personal = {name: fields.pop(name) for name in procedure.tables.personal if name in fields}
    matter = read_matter(snapshot, procedure)
    if personal:
        matter.fields.update(personal)  # type: ignore[attr-defined]  # a plain dict
    at = datetime.fromisoformat(updated) if isinstance(updated, str) else updated
    return Loaded(row["id"], bytes.fromhex(row["head"]), at, row["agency"], procedure, matter)
