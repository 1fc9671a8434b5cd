"""Acts that are a look-up of somebody's identity: each stands in the access log too, written with the act itself (ST-06).

What makes an act a look-up is the power that the law asks for it, so every procedure that declares one is covered. The row
names the matter the look-up serves: the case an identity request belongs to, where there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel.grammar import Competent
from guangyue.law.competence.actions import Action
from guangyue.records.access_log import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.kernel import Entry, Matter, Procedure

__all__ = ["LOOK_UP", "looks"]

LOOK_UP = "identity look-up"
"""The purpose in the access log; the officer's own words stand in the journal."""
_POWERS = frozenset({Action.ASK_IDENTITY, Action.QUERY_IDENTITY})


def looks(procedure: Procedure, entry: Entry, after: Matter, row: int) -> Iterator[Reading]:
    """The readings that an entry is; of most there are none.

    Args:
        procedure: of the matter.
        entry: what was done.
        after: the matter as it stands then.
        row: the matter's own.
    """
    action = procedure.tables.actions.get(entry.act) if entry.kind == "act" else None
    if action is None or not any(isinstance(r, Competent) and r.power in _POWERS for r in action.requires):
        return
    law = action.law or procedure.law
    served = [int(ref) for _, ref in after.relations if ref.isdigit()] or [row]
    for matter in served:
        yield Reading(
            viewer=entry.actor, purpose=LOOK_UP, what=f"identity of the party, in {entry.procedure} {entry.matter}",
            basis=law.zh if law else "", matter=matter,
        )  # fmt: skip
