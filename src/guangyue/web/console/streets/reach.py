"""What of the street desk a viewer reaches: which procedures, and of whose matters the numbers may be counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guangyue.city.errors import NotVisibleError
from guangyue.records.database import db
from guangyue.records.figures import standing
from guangyue.records.library import LIBRARY
from guangyue.records.matters.scope import scope_of
from guangyue.web.console.figures import reach
from guangyue.web.console.showing import run_out

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.law import Text
    from guangyue.records.figures import Pile

__all__ = ["DESK", "Sight", "declared", "may_look", "sight"]

DESK = "streets"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees of the desk.

    Attributes:
        procedures: those the viewer has to do with. units: whose entries are counted, nothing for the whole city's.
        scope: the same in words. piles: what stands open within reach, as it was ``at``.
    """

    procedures: tuple[Procedure, ...]
    units: tuple[str, ...] | None
    scope: Text
    piles: tuple[Pile, ...]
    at: datetime

    @property
    def codes(self) -> list[str]:
        """The procedures' codes."""
        return [p.code for p in self.procedures]


def declared() -> list[Procedure]:
    """The desk's procedures in force."""
    return [LIBRARY[code, 0] for code in LIBRARY.codes() if code.startswith(f"{DESK}.")]


def may_look(viewer: Viewer) -> bool:
    """Whether the viewer has to do with any of the desk's procedures."""
    return bool(_codes(viewer))


def _codes(viewer: Viewer) -> set[str]:
    scope = scope_of(db(), viewer, LIBRARY)
    if scope.everything:
        return {p.code for p in declared()}
    return {c for r in scope.reaches for c in r.procedures if c.startswith(f"{DESK}.")}


def sight(viewer: Viewer) -> Sight:
    """What the viewer sees.

    Raises:
        NotVisibleError: nothing of this desk.
    """
    scope = scope_of(db(), viewer, LIBRARY)
    codes = _codes(viewer)
    if not codes:
        raise NotVisibleError
    now = standing(db())
    reached = {(c, h) for r in scope.reaches for c in r.procedures for h in (*r.units, *r.agencies)}
    # Where a clock ran out to, everything is late: somebody has to look again.
    piles = tuple(
        replace(p, overdue=p.open) if p.state in run_out(p.procedure) else p
        for p in now.piles
        if p.procedure in codes and (scope.everything or (p.procedure, p.holder) in reached)
    )
    units, words = reach(viewer)
    return Sight(tuple(p for p in declared() if p.code in codes), units, words, piles, now.at)
