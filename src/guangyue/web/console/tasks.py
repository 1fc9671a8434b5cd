"""The work a matter has given to units: who has it, since when, and what one's own unit can say to it (交办)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from guangyue.kernel.context import fits
from guangyue.kernel.grammar import T
from guangyue.web.console.many import units_for
from guangyue.web.console.names import unit_name

if TYPE_CHECKING:
    from guangyue.law import Text
    from guangyue.records.matters import MatterView

__all__ = ["SAID", "given"]

STANDS: dict[str, Text] = {
    "waiting": T("等待上一家", "waits for the one before"), "offered": T("待接收", "to be accepted"),
    "accepted": T("办理中", "in hand"), "returned": T("已退回", "given back"), "done": T("已办结", "done"),
    "cancelled": T("已取消", "cancelled"),
}  # fmt: skip
SAID = {"accept": (), "return": ("reason",), "done": ("note",), "assign": ("reason",)}
"""What one may say to a task, and the words that go with it."""


@dataclass(frozen=True, slots=True)
class HopShown:
    """One unit's part; ``may`` lists what the reader may say to it now."""

    unit: Text
    status: str
    stands: Text
    since: datetime | None
    note: str
    may: tuple[str, ...]
    way: str


@dataclass(frozen=True, slots=True)
class Given:
    """A task with its hops; ``choices`` where the reader may give it to another unit."""

    title: Text
    open: bool
    hops: tuple[HopShown, ...]
    choices: tuple[tuple[str, Text], ...]
    way: str


def given(m: MatterView, ref: str) -> list[Given]:
    """The tasks of a matter, the latest first."""
    found: list[Given] = []
    for state in reversed(m.matter.tasks):
        task = m.procedure.task(state.code)
        live = state.status == "open" and not m.line.closed
        givers = [w for a in m.procedure.actions if state.code in a.tasks for w in a.by]
        may_give = live and state.stranded and any(fits(w, a, m.matter) for w in givers for a in m.actors)
        hops: list[HopShown] = []
        for n, hop in enumerate(state.hops):
            mine = live and any(a.unit == hop.unit and fits(task.owner, a, m.matter) for a in m.actors)
            may = {"offered": ("accept", "return"), "accepted": ("done", "return")}.get(hop.status, ()) if mine else ()
            way = reverse("console_task", args=[ref, state.code, state.number, n])
            hops.append(HopShown(unit_name(hop.unit), hop.status, STANDS[hop.status], hop.since, hop.note, may, way))
        choices = units_for(m.procedure, task) if may_give else ()
        found.append(Given(
            task.title, live, tuple(hops), choices, reverse("console_task", args=[ref, state.code, state.number, 0])
        ))  # fmt: skip
    return found
