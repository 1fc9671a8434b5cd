"""From a viewer to an actor: in which capacity somebody acts on a matter.

A person may hold several roles in several units; an act is done in one of them. The one that may do it is taken, the
first held otherwise, so that the refusal speaks of something the person is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from guangyue.city.viewer import Held, Viewer
from guangyue.kernel import Actor, Matter, Procedure
from guangyue.kernel.context import fits

__all__ = ["best", "capacities"]


def capacities(
    viewer: Viewer, *, parties: frozenset[str] = frozenset(), signed_in_at: datetime | None = None
) -> list[Actor]:
    """Every capacity of a viewer: one for each unit in which roles are held, at least one."""
    by_unit: dict[str, list[Held]] = {}
    for held in viewer.held:
        by_unit.setdefault(held.unit_code, []).append(held)
    name = f"account:{viewer.account_id}" if viewer.account_id is not None else "nobody"
    actors = [
        Actor(
            id=name, roles=frozenset(h.role for h in group), agency=group[0].agency, level=group[0].level, unit=unit,
            qualities=frozenset({"certified"} if any(h.certificate for h in group) else ()),
            parties=parties, signed_in_at=signed_in_at,
        )
        for unit, group in by_unit.items()
    ]  # fmt: skip
    return actors or [Actor(id=name, parties=parties, signed_in_at=signed_in_at)]


def best(found: Sequence[Actor], procedure: Procedure, matter: Matter, act: str) -> Actor:
    """Of several capacities the one in which an act may be done; the first, where none may."""
    action = procedure.tables.actions.get(act)
    for actor in found if action else ():
        if any(fits(who, actor, matter) for who in action.by):  # type: ignore[union-attr]  # not empty without an action
            return actor
    return found[0]
