"""The acts by which somebody may open a matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guangyue.city.viewer import Viewer
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import Action
from guangyue.records.library import LIBRARY
from guangyue.web.api.describing import mine

__all__ = ["Opening", "about", "openings", "procedure_of"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A procedure and one of its opening acts."""

    procedure: Procedure
    action: Action

    @property
    def several(self) -> bool:
        """Whether the procedure's name alone does not say how it begins."""
        return sum(bool(a.opens) for a in self.procedure.actions) > 1


def procedure_of(code: str) -> Procedure | None:
    """The procedure in force under a code; nothing for an unknown one."""
    return LIBRARY[code, 0] if code in LIBRARY.codes() else None


def openings(viewer: Viewer) -> Iterator[Opening]:
    """Those the viewer holds a role for."""
    for code in LIBRARY.codes():
        procedure = LIBRARY[code, 0]
        yield from (Opening(procedure, a) for a in procedure.actions if a.opens and mine(viewer, a))


def about(viewer: Viewer, procedure: str) -> list[Opening]:
    """What the viewer may open about a matter of a procedure: a questioning, a request, a hand-over."""
    return [
        o for o in openings(viewer) if o.action.relates and procedure in o.procedure.relation(o.action.relates).to
    ]  # fmt: skip
