"""What of the street desk a viewer reaches: which procedures, and of whose matters the numbers may be counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from guangyue.city.errors import NotVisibleError
from guangyue.records.database import db
from guangyue.records.figures import Heap, standing
from guangyue.records.library import LIBRARY
from guangyue.records.matters.scope import scope_of
from guangyue.web.console.door import frame
from guangyue.web.console.figures import reach
from guangyue.web.console.showing import run_out

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.law import Text
    from guangyue.records.figures import Standing

__all__ = ["BOTH", "DESK", "Sight", "Stock", "declared", "desk_frame", "may_look", "may_roster", "sight"]

DESK = "streets"
BOTH = ("urban", "traffic_police", "police")
"""The agencies that meet in the street."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What stands open: all of it, by holder, by block, and by procedure and state."""

    whole: Heap
    holders: dict[str, Heap]
    blocks: dict[str, Heap]
    states: dict[tuple[str, str], Heap]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees of the desk.

    Attributes:
        procedures: those the viewer has to do with. units: whose entries are counted, nothing for the whole city's.
        scope: the same in words. stock: what stands open within reach, as it was ``at``.
    """

    procedures: tuple[Procedure, ...]
    units: tuple[str, ...] | None
    scope: Text
    stock: Stock
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


def may_roster(viewer: Viewer) -> bool:
    """Whether the viewer may see who is on duty when: staff of the agencies that meet in the street, and who oversees them.

    Volunteers, grid workers and stewards have to do with some of the desk's procedures; the roster of the police is none of them.
    """
    return _meets(viewer) and may_look(viewer)


def desk_frame(viewer: Viewer, page: str) -> dict[str, Any]:
    """What the frame of every page of the desk needs; ``page``: the tab that is open."""
    return frame(viewer, DESK) | {"page": page, "may_roster": _meets(viewer)}


def _meets(viewer: Viewer) -> bool:
    return any(h.agency in BOTH for h in viewer.held) or scope_of(db(), viewer, LIBRARY).everything


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
    reached = None
    if not scope.everything:
        reached = frozenset((c, h) for r in scope.reaches for c in r.procedures for h in (*r.units, *r.agencies))
    units, words = reach(viewer)
    return Sight(
        tuple(p for p in declared() if p.code in codes), units, words, _stock(now, frozenset(codes), reached), now.at
    )


@lru_cache(maxsize=16)
def _stock(now: Standing, codes: frozenset[str], reached: frozenset[tuple[str, str]] | None) -> Stock:
    """One count added up for whoever sees these procedures with these holders; kept while the count stands."""
    stock = Stock(Heap(), {}, {}, {})
    for pile in now.piles:
        if pile.procedure not in codes or (reached is not None and (pile.procedure, pile.holder) not in reached):
            continue
        # Where a clock ran out to, everything is late: somebody has to look again.
        counted = replace(pile, overdue=pile.open) if pile.state in run_out(pile.procedure) else pile
        stock.whole.add(counted)
        stock.holders.setdefault(pile.holder, Heap()).add(counted)
        stock.blocks.setdefault(pile.block, Heap()).add(counted)
        stock.states.setdefault((pile.procedure, pile.state), Heap()).add(counted)
    return stock
