"""The desk: one's matters as a live list, with map, filters, search and saved views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guangyue.kernel.grammar import T
from guangyue.records.database import city_now, db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import BadCursorError, cursor_now, matters_for
from guangyue.web.console.asking import VIEWS, Filters
from guangyue.web.console.door import frame, staff_page
from guangyue.web.console.figures import today
from guangyue.web.console.names import unit_name, units
from guangyue.web.console.showing import Row, row
from guangyue.web.models import SavedView

if TYPE_CHECKING:
    from django.http import HttpRequest

    from guangyue.city.viewer import Viewer
    from guangyue.kernel.grammar import Outcome, State
    from guangyue.law import Text

__all__ = ["here", "home", "rows"]

DESKS = {"streets": T("街面", "streets")}


@dataclass(frozen=True, slots=True)
class Tab:
    """A view in the row of views."""

    title: Text
    query: str
    current: bool
    pk: int = 0


@require_safe
@staff_page
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The desk."""
    # The cursor first: what changes while the page is made comes again, and nothing is missed.
    cursor = cursor_now()
    f = Filters.read(request.GET)
    found, after = _page(viewer, f)
    known = [LIBRARY[code, 0] for code in LIBRARY.codes()]
    asked = [p for p in known if f.procedure in {"", p.code}]
    states: list[State | Outcome] = [s for p in asked for s in p.states] if f.procedure or len(known) == 1 else []
    context: dict[str, Any] = frame(viewer, "matters") | {
        "f": f, "rows": found, "next": after, "cursor": cursor, "views": _tabs(viewer, f), "procedures": known,
        "states": states, "units": list(_within(viewer).items()), "today": today(viewer),
        "kept": [(n, v) for n in ("desk", "agency", "block", "overdue") if (v := getattr(f, n))], "picked": _picked(f),
    }  # fmt: skip
    return render(request, "console/home.html", context)


@require_safe
@staff_page
def rows(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The rows alone: the next page, or the list anew."""
    f = Filters.read(request.GET)
    found, after = _page(viewer, f)
    return render(request, "console/rows.html", {"f": f, "rows": found, "next": after})


@require_safe
@staff_page
def here(request: HttpRequest, viewer: Viewer) -> HttpResponse:  # noqa: ARG001 - the request itself is all that is said
    """Somebody is at work on a page that asks for nothing else: the session's idle minutes begin anew."""
    return HttpResponse(status=204)


def _page(viewer: Viewer, f: Filters) -> tuple[list[Row], str]:
    now = city_now(db())
    try:
        page = matters_for(viewer, f.asked())
    except BadCursorError:
        return [], ""
    return [row(line, viewer, now) for line in page.lines], page.next


def _tabs(viewer: Viewer, f: Filters) -> list[Tab]:
    own = list(SavedView.objects.filter(account=viewer.account_id))
    saved = any(v.query == f.query for v in own)
    common = [
        Tab(title, "" if code == "open" else f"view={code}", not saved and code == f.view)
        for code, title in VIEWS.items()
    ]
    return common + [Tab(T(v.name, v.name), v.query, v.query == f.query, v.pk) for v in own]


def _picked(f: Filters) -> list[Text]:
    """What a number of a board restricted the list to, in words."""
    found: list[Text] = []
    if f.overdue:
        found.append(T("逾期", "overdue"))
    if f.agency:
        found.append(unit_name(f.agency))
    if f.block:
        from guangyue.web.console.streets.board import block_titles

        found.append(block_titles().get(f.block, T(f.block, f.block)))
    if f.desk:
        found.append(DESKS.get(f.desk, T(f.desk, f.desk)))
    return found


def _within(viewer: Viewer) -> dict[str, Text]:
    """The units within reach, for the filter."""
    from guangyue.city.models import Unit

    names = units()
    paths = Unit.objects.filter(closed_at=None).order_by("path").values_list("code", "path")
    return {code: names[code] for code, path in paths if viewer.reaches(path) and code in names}
