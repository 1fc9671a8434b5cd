"""Work lists (待办): what waits for the roles one holds, state by state, as the declarations say; nobody wrote them by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guangyue.records.database import city_now, db
from guangyue.records.matters import tasks_for
from guangyue.web.api.describing import mine
from guangyue.web.console.door import staff_page
from guangyue.web.console.opening import openings
from guangyue.web.console.streets.reach import DESK, Sight, desk_frame, sight

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.law import Text

__all__ = ["Work", "page", "works"]


@dataclass(frozen=True, slots=True)
class Work:
    """Matters of one procedure in one state, within reach.

    Attributes:
        acts: what the viewer may do there, in the order of the declaration; empty where others have the next step.
        due: the next clock. late: whether it has run out.
    """

    procedure: Text
    state: Text
    acts: tuple[Text, ...]
    open: int
    overdue: int
    due: datetime | None
    late: bool
    way: str
    late_way: str


def works(viewer: Viewer, seen: Sight, now: datetime) -> list[Work]:
    """Every procedure and state in which something stands open, what is late first, then by the next clock."""
    found: list[Work] = []
    for procedure in seen.procedures:
        for state in procedure.states:
            heap = seen.stock.states.get((procedure.code, state.code))
            if heap is None:
                continue
            at = {"desk": DESK, "procedure": procedure.code, "state": state.code}
            found.append(Work(
                procedure.title, state.title, _acts(viewer, procedure, state.code), heap.open,
                heap.overdue, heap.due, heap.due is not None and heap.due < now,
                f"{reverse('console_home')}?{urlencode({**at, 'view': 'due'})}",
                f"{reverse('console_home')}?{urlencode({**at, 'overdue': '1'})}",
            ))  # fmt: skip
    return sorted(found, key=lambda w: (w.overdue == 0, w.due is None, w.due or now, -w.open))


def _acts(viewer: Viewer, procedure: Procedure, state: str) -> tuple[Text, ...]:
    """The acts by which this viewer moves a matter on from a state."""
    steps = procedure.tables.steps
    return tuple(
        a.title for a in procedure.actions
        if not a.opens and not a.repeat and steps[a.code].get(state) is not None and mine(viewer, a)
    )  # fmt: skip


@require_safe
@staff_page
def page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for me; what waits for others; what I may begin."""
    seen = sight(viewer)
    every = works(viewer, seen, city_now(db()))
    context: dict[str, Any] = desk_frame(viewer, "work") | {
        "seen": seen, "given": tasks_for(viewer, desk=DESK), "mine": [w for w in every if w.acts],
        "others": [w for w in every if not w.acts],
        "openings": [o for o in openings(viewer) if o.procedure.code.startswith(f"{DESK}.")],
    }  # fmt: skip
    return render(request, "console/streets/work.html", context)
