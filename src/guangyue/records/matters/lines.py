"""Rows of ``matter`` as lines of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar import T
from guangyue.records.matters.shown import Clock, MatterLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from guangyue.kernel import Procedure
    from guangyue.law import Text
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["COLUMNS", "clock_title", "line_of", "with_clocks"]

COLUMNS = (
    "m.id, m.ref, coalesce(m.number, (select p.number || '-' || substring(m.ref from '[0-9]+$')"
    " from matter p where p.id = m.parent_id)), m.procedure, m.version, m.state, m.title, m.place, m.lon, m.lat, m.agency, m.holder,"
    " m.assignee, m.opened_at, m.updated_at, m.closed_at, m.due_at, m.seq"
)
"""A part of a matter has no number of its own: it goes by that of the whole and its place there."""
_CLOCKS = """
    select distinct on (matter_id) matter_id, key, occurrence, status, started_at, due_at, provisional, basis
    from deadline where matter_id = any(%s) and status = 'pending' order by matter_id, due_at
"""


def line_of(db: Db, library: Library, row: Sequence[Any], account: str) -> MatterLine:
    """One line, without its clock."""
    id_, ref, number, code, version, state, title, place, lon, lat, agency, holder, assignee, *rest = row
    opened_at, updated_at, closed_at, due_at, seq = rest[:5]
    procedure = library.find(db, code, version)
    known = procedure.tables.states.get(state)
    return MatterLine(
        id=ref, row=id_, number=number or ref, procedure=code, procedure_title=procedure.title, state=state,
        state_title=known.title if known else T(state, state), closed=closed_at is not None, title=title, place=place,
        position=(lon, lat) if lon is not None and lat is not None else None, agency=agency, holder=holder,
        assignee=assignee, mine=bool(account) and assignee == account, opened_at=opened_at, updated_at=updated_at,
        closed_at=closed_at, due_at=due_at, seq=seq,
    )  # fmt: skip


def with_clocks(db: Db, library: Library, lines: Iterable[tuple[MatterLine, int]]) -> tuple[MatterLine, ...]:
    """Lines with the clock that falls due next; given with the version each matter follows."""
    from dataclasses import replace

    given = list(lines)
    ticking = [line.row for line, _ in given if line.due_at is not None]
    found = {row[0]: row[1:] for row in db.execute(_CLOCKS, [ticking]).fetchall()} if ticking else {}
    return tuple(
        replace(line, clock=_clock(library.find(db, line.procedure, version), found[line.row])) if line.row in found else line
        for line, version in given
    )  # fmt: skip


def _clock(procedure: Procedure, row: Sequence[Any]) -> Clock:
    key, occurrence, status, started_at, due_at, provisional, basis = row
    return Clock(
        key=key, occurrence=occurrence, title=clock_title(procedure, key), status=status, started_at=started_at,
        due_at=due_at, inclusive=bool(basis.get("inclusive", True)), provisional=provisional, rule=basis.get("rule", ""),
        remaining=basis.get("remaining", ""),
    )  # fmt: skip


def clock_title(procedure: Procedure, key: str) -> Text:
    """What a clock is called: the deadline's name, or the task's for a hop of it."""
    if key in procedure.tables.deadlines:
        return procedure.tables.deadlines[key].title
    if key.startswith("task:"):
        return procedure.task(key.split(":")[1]).title
    return T(key, key)
