"""What of a matter decides who may open it, and which of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel import Matter
from guangyue.kernel.matrix import may_read
from guangyue.records.matters.scope import PartyRow, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from guangyue.kernel import Procedure
    from guangyue.records.database import Db
    from guangyue.records.matters.scope import Scope

__all__ = ["readable_by", "standings", "visible_rows"]

_PARTIES = "select matter_id, role, account, search from party where matter_id = any(%s) and ended_at is null"


def standings(raw: Db, ids: Iterable[int]) -> dict[int, tuple[Standing, int]]:
    """Who may open these matters depends on this; with the version each follows."""
    wanted = sorted(set(ids))
    parties: dict[int, list[PartyRow]] = {}
    for id_, role, account, search in raw.execute(_PARTIES, [wanted]).fetchall():
        parties.setdefault(id_, []).append(PartyRow(role, account, bytes(search) if search else None))
    rows = raw.execute(
        "select m.id, m.procedure, m.version, m.holder, m.assignee,"
        " array(select unit from involvement i where i.matter_id = m.id) from matter m where m.id = any(%s)",
        [wanted],
    ).fetchall()
    return {
        id_: (Standing(procedure, holder, assignee, frozenset(units), tuple(parties.get(id_, ()))), version)
        for id_, procedure, version, holder, assignee, units in rows
    }


def visible_rows(raw: Db, scope: Scope, ids: Sequence[int]) -> frozenset[int]:
    """Those of these rows that a viewer may open."""
    return frozenset(id_ for id_, (standing, _) in standings(raw, ids).items() if scope.admits(standing))


def readable_by(procedure: Procedure, standing: Standing, scope: Scope) -> frozenset[str]:
    """The values of a matter that a viewer may read, in any capacity in which the viewer reaches it."""
    matter = Matter(id="", procedure=procedure.code, version=procedure.version, holder=standing.holder)
    found: frozenset[str] = frozenset()
    if scope.admits(standing):
        for actor in scope.actors(standing):
            found |= may_read(procedure, matter, actor)
    return found
