"""The work that was given to a viewer's units and is not finished (交办给本单位的)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.records.database import db
from guangyue.records.library import LIBRARY
from guangyue.records.matters.lines import COLUMNS, line_of, with_clocks
from guangyue.records.matters.scope import scope_of
from guangyue.records.matters.standing import visible_rows

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text
    from guangyue.records.library import Library
    from guangyue.records.matters.shown import MatterLine

__all__ = ["TaskLine", "tasks_for"]

MOST = 50
_GIVEN = f"""
    select {COLUMNS}, t.unit, t.code, t.status, t.since from (
        select matter_id, unit, code, status, since from task
        where unit = any(%(units)s::text[]) and status in ('offered', 'accepted') order by since, matter_id limit 400
    ) t join matter m on m.id = t.matter_id where m.closed_at is null order by t.since, m.id
"""  # noqa: S608 - our own columns


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task of a matter.

    Attributes:
        title: of the task. unit: which has it. accepted: somebody of the unit has taken it. since: of when that is.
        line: the matter.
    """

    title: Text
    unit: str
    accepted: bool
    since: datetime | None
    line: MatterLine


def tasks_for(
    viewer: Viewer, *, desk: str = "", reach: bool = False, most: int = MOST, library: Library = LIBRARY
) -> tuple[TaskLine, ...]:
    """What lies with the units in which the viewer holds a role, the longest first; of one desk, if it is named.

    Args:
        viewer: who looks.
        desk: only of its procedures.
        reach: with every unit within the viewer's reach, as a head or a headquarters looks at it.
        most: how many.
        library: the procedures.
    """
    raw = db()
    scope = scope_of(raw, viewer, library)
    units = sorted(
        {h.unit_code for h in viewer.held} | ({u for r in scope.reaches for u in r.units} if reach else set())
    )
    if scope.nobody or not units:
        return ()
    rows = raw.execute(_GIVEN, {"units": units}).fetchall()
    rows = [r for r in rows if not desk or r[3].startswith(f"{desk}.")]
    may = visible_rows(raw, scope, [r[0] for r in rows])
    rows = [r for r in rows if r[0] in may][:most]
    lines = with_clocks(raw, library, [(line_of(raw, library, r, scope.account), r[4]) for r in rows])
    return tuple(
        TaskLine(library.find(raw, r[3], r[4]).task(r[-3]).title, r[-4], r[-2] == "accepted", r[-1], line)
        for r, line in zip(rows, lines, strict=True)
    )
