"""Two registers of the joint desk: gaps in competence until a rule closes them (管理空白台账), and publicity visits (宣传台账)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.law import local_date
from guangyue.records import figures
from guangyue.records.database import city_now, db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import Asked, BadCursorError, matter_for, matters_for
from guangyue.web.console.door import frame, staff_page
from guangyue.web.console.figures import reach, window_of
from guangyue.web.console.names import unit_name
from guangyue.web.console.opening import openings
from guangyue.web.console.showing import tone_of
from guangyue.web.console.streets.measures import link
from guangyue.web.console.streets.reach import may_look
from guangyue.web.present.story import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text
    from guangyue.records.matters import MatterLine

__all__ = ["gaps", "visits"]

GAP, VISIT = "streets.gap", "streets.visit"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a register: the matter, and the answers its reader may see, by field."""

    line: MatterLine
    tone: str
    holder: Text
    said: dict[str, object]


@require_safe
@staff_page
def gaps(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The gap register: reported, given an owner, decided, closed by a new version of the rules."""
    procedure = LIBRARY[GAP, 0]
    states = {s.code for s in procedure.states}
    state = request.GET.get("state", "")
    state = state if state in states else ""
    closed = request.GET.get("view") == "closed"
    asked = Asked(
        where="involved", procedures=(GAP,), states=(state,) if state else (), open=None if state else not closed, most=PAGE,
        after=request.GET.get("after", "")[:200],
    )  # fmt: skip
    context = _register(viewer, asked, GAP) | {
        "page": "gaps",
        "state": state,
        "closed": closed,
        "states": procedure.states,
    }
    return render(request, "console/streets/gaps.html", context)


@require_safe
@staff_page
def visits(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Publicity visits: where, about what, whom they reached; counted from the journal for a window of days."""
    first, last = window_of(request.GET)
    units, _ = reach(viewer)
    window = figures.Window.days(first, last, units)
    asked = Asked(
        where="involved", procedures=(VISIT,), opened_from=window.start, opened_until=window.end, most=PAGE,
        after=request.GET.get("after", "")[:200],
    )  # fmt: skip
    procedure = LIBRARY[VISIT, 0]
    totals = figures.totals(db(), VISIT, [f.code for f in procedure.figures], window)
    context = _register(viewer, asked, VISIT) | {
        "page": "visits", "first": first, "last": last, "today": local_date(city_now(db())),
        "totals": [(f.title, totals[f.code], link(f.code, first, last)) for f in procedure.figures],
    }  # fmt: skip
    return render(request, "console/streets/visits.html", context)


def _register(viewer: Viewer, asked: Asked, code: str) -> dict[str, Any]:
    if not may_look(viewer):
        raise NotVisibleError
    now = city_now(db())
    try:
        page = matters_for(viewer, asked)
        lines, after = page.lines, page.next
    except BadCursorError:
        lines, after = (), ""
    entries = []
    for line in lines:
        m = matter_for(viewer, line.id)
        choices = {f.name: dict(f.choices) for f in m.procedure.fields}
        said = {f.name: shown(choices[f.name], f.value) for f in m.fields if f.readable and f.set}
        entries.append(Entry(line, tone_of(line, viewer, now), unit_name(line.holder), said))
    begins = next((o for o in openings(viewer) if o.procedure.code == code), None)
    return frame(viewer, "streets") | {"entries": entries, "next": after, "begins": begins}
