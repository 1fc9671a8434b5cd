"""Three registers of the joint desk: gaps in competence (管理空白台账), publicity visits (宣传台账), inspections (巡查台账).

A gap stands there until a rule closes it; visits and inspections are counted from the journal for a window of days.
"""

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
from guangyue.records.matters import Asked, BadCursorError, matters_for, views_for
from guangyue.web.console.door import staff_page
from guangyue.web.console.figures import reach, window_of
from guangyue.web.console.names import unit_name
from guangyue.web.console.opening import openings
from guangyue.web.console.showing import tone_of
from guangyue.web.console.streets.measures import link
from guangyue.web.console.streets.reach import desk_frame, may_look
from guangyue.web.present.story import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text
    from guangyue.records.matters import MatterLine

__all__ = ["GAP", "gaps", "inspections", "open_gaps", "visits"]

GAP, VISIT, INSPECTION = "streets.gap", "streets.visit", "streets.inspection"
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
    state, closed = _state(request, GAP), request.GET.get("view") == "closed"
    asked = Asked(
        where="involved", procedures=(GAP,), states=(state,) if state else (), open=None if state else not closed, most=PAGE,
        after=request.GET.get("after", "")[:200],
    )  # fmt: skip
    context = _register(viewer, asked, GAP, "gaps") | {
        "state": state, "closed": closed, "states": LIBRARY[GAP, 0].states,
    }  # fmt: skip
    return render(request, "console/streets/gaps.html", context)


def open_gaps(viewer: Viewer, most: int) -> list[Entry]:
    """The gaps that no rule has closed, the newest first."""
    return _entries(viewer, Asked(where="involved", procedures=(GAP,), open=True, most=most))[0]


@require_safe
@staff_page
def visits(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Publicity visits: where, about what, whom they reached."""
    return render(request, "console/streets/visits.html", _counted(request, viewer, VISIT, "visits"))


@require_safe
@staff_page
def inspections(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Inspections: where, by which standard, what fell short and whether it was mended."""
    return render(request, "console/streets/inspections.html", _counted(request, viewer, INSPECTION, "inspections"))


def _counted(request: HttpRequest, viewer: Viewer, code: str, page: str) -> dict[str, Any]:
    """A register for a window of days, with what was counted in it; each number leads to its entries."""
    first, last = window_of(request.GET)
    units, _ = reach(viewer)
    window = figures.Window.days(first, last, units)
    state = _state(request, code)
    asked = Asked(
        where="involved", procedures=(code,), states=(state,) if state else (), opened_from=window.start,
        opened_until=window.end, most=PAGE, after=request.GET.get("after", "")[:200],
    )  # fmt: skip
    procedure = LIBRARY[code, 0]
    context = _register(viewer, asked, code, page)
    totals = figures.totals(db(), code, [f.code for f in procedure.figures], window)
    return context | {
        "first": first, "last": last, "today": local_date(city_now(db())), "state": state, "states": procedure.states,
        "totals": [(f.title, totals[f.code], link(f.code, first, last)) for f in procedure.figures],
    }  # fmt: skip


def _state(request: HttpRequest, code: str) -> str:
    state = request.GET.get("state", "")
    return state if state in {s.code for s in LIBRARY[code, 0].states} else ""


def _register(viewer: Viewer, asked: Asked, code: str, page: str) -> dict[str, Any]:
    if not may_look(viewer):
        raise NotVisibleError
    entries, after = _entries(viewer, asked)
    begins = next((o for o in openings(viewer) if o.procedure.code == code), None)
    return desk_frame(viewer, page) | {"entries": entries, "next": after, "begins": begins, "code": code}


def _entries(viewer: Viewer, asked: Asked) -> tuple[list[Entry], str]:
    now = city_now(db())
    try:
        page = matters_for(viewer, asked)
    except BadCursorError:
        return [], ""
    entries = []
    for m in views_for(viewer, (line.id for line in page.lines)):
        fields = m.procedure.tables.fields
        said = {f.name: shown(fields[f.name], f.value) for f in m.fields if f.readable and f.set}
        entries.append(Entry(m.line, tone_of(m.line, viewer, now), unit_name(m.line.holder), said))
    return entries, page.next
