"""Figures: counted from the journal, by unit within reach, each number leading to the entries behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.city.models import Unit
from guangyue.kernel.grammar import T
from guangyue.law import CITY, Text, local_date
from guangyue.law.competence.actors import Agency, Role
from guangyue.records import figures
from guangyue.records.database import city_now, db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import sees_matter
from guangyue.web.console.asking import day_of
from guangyue.web.console.charts import Chart, chart
from guangyue.web.console.door import frame, staff_page
from guangyue.web.console.names import unit_name
from guangyue.web.console.opening import procedure_of
from guangyue.web.present.money import SUMS, figure_change, figure_title, figure_value, yuan

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure

__all__ = ["members", "page", "reach", "today", "window_of"]

PAGE = 100
LONGEST = 3_700
TODAY = 6
"""Figures above the map."""
RATIOS: dict[str, tuple[tuple[str, str, Text], ...]] = {
    "streets.parking": (("penalties", "reminders", T("处罚占提醒", "penalties per reminders")),),
}
"""Two figures of a procedure whose quotient is published (mission S1-08)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the way to what it counts."""

    title: Text
    value: str
    per_day: str
    change: str
    link: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share in percent."""

    title: Text
    value: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The figures of one procedure."""

    title: Text
    figures: list[Figure]
    ratios: list[Ratio]
    chart: Chart | None


def reach(viewer: Viewer) -> tuple[tuple[str, ...] | None, Text]:
    """Whose entries a viewer counts: the units within reach, with their agencies; city-wide oversight counts all."""
    if any(h.role == Role.SUPERVISOR and h.agency == Agency.GOVERNMENT for h in viewer.held):
        return None, T("全市", "the whole city")
    units = [code for code, path in Unit.objects.values_list("code", "path") if viewer.reaches(path)]
    agencies = sorted({h.agency for h in viewer.held})
    top = viewer.held[0]
    name = unit_name(top.unit_code)
    return (*units, *agencies), T(
        f"{name.zh}{'及下属单位' if top.below else ''}", name.en + (" and below" if top.below else "")
    )


def today(viewer: Viewer) -> list[Figure]:
    """The first figures of each procedure, for today; above the map."""
    units, _ = reach(viewer)
    day = local_date(city_now(db()))
    window = figures.Window.days(day, day, units)
    found: list[Figure] = []
    for code in LIBRARY.codes():
        procedure = LIBRARY[code, 0]
        first = procedure.figures[:3]
        totals = figures.totals(db(), code, [f.code for f in first], window)
        found += [_figure(procedure, f.code, f.title, totals[f.code], window, (day, day)) for f in first]
        if len(found) >= TODAY:
            break
    return found[:TODAY]


@require_safe
@staff_page
def page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All figures of a window of days, beside the year before."""
    first, last = window_of(request.GET)
    units, scope = reach(viewer)
    window = figures.Window.days(first, last, units)
    panels = [_panel(LIBRARY[code, 0], window, (first, last)) for code in LIBRARY.codes()]
    context = frame(viewer, "figures") | {
        "panels": panels, "first": first, "last": last, "days": window.length, "scope": scope,
    }  # fmt: skip
    return render(request, "console/figures.html", context)


@require_safe
@staff_page
def members(request: HttpRequest, viewer: Viewer, procedure: str, code: str) -> HttpResponse:
    """The entries behind one number, oldest first."""
    declared = procedure_of(procedure)
    count = next((f for f in declared.figures if f.code == code), None) if declared else None
    if declared is None or count is None:
        raise NotVisibleError
    first, last = window_of(request.GET)
    units, scope = reach(viewer)
    window = figures.Window.days(first, last, units)
    rows = figures.members(db(), procedure, code, window, after=_after(request.GET), most=PAGE)
    known = {
        r[0]: r[1:]
        for r in db().execute(
            "select id, ref, number, title, holder from matter where id = any(%s)", [[r[1] for r in rows]]
        ).fetchall()
    }  # fmt: skip
    shown = [
        {
            "at": at, "ref": known[matter][0], "number": known[matter][1] or known[matter][0],
            "title": known[matter][2] if sees_matter(viewer, matter) else "", "unit": unit_name(known[matter][3]),
            "seq": seq, "amount": figure_change(code, amount),
        }
        for at, matter, seq, amount in rows
    ]  # fmt: skip
    days = {"from": first.isoformat(), "until": last.isoformat()}
    onward = urlencode({**days, "at": rows[-1][0].isoformat(), "id": rows[-1][1]}) if len(rows) == PAGE else ""
    context: dict[str, Any] = frame(viewer, "figures") | {
        "procedure": declared, "title": figure_title(code, count.title),
        "total": figure_value(code, figures.total(db(), procedure, code, window)),
        "rows": shown, "next": onward, "first": first, "last": last, "scope": scope,
        "back": f"{reverse('console_figures')}?{urlencode(days)}",
    }  # fmt: skip
    return render(request, "console/figure.html", context)


def _panel(procedure: Procedure, window: figures.Window, days: tuple[date, date]) -> Panel:
    codes = [f.code for f in procedure.figures]
    totals = figures.totals(db(), procedure.code, codes, window)
    before = figures.totals(db(), procedure.code, codes, window.a_year_before())
    shown = [
        _figure(procedure, f.code, f.title, totals[f.code], window, days, base=before[f.code])
        for f in procedure.figures
    ]
    ratios = [
        Ratio(title, str(share))
        for part, whole, title in RATIOS.get(procedure.code, ())
        if (share := figures.share(totals[part], totals[whole])) is not None
    ]
    drawn = None
    if window.length > 1:
        by_day = {f.code: figures.by_day(db(), procedure.code, f.code, window) for f in procedure.figures[:2]}
        drawn = chart(T("按日", "By day"), days, [(f.title, by_day[f.code]) for f in procedure.figures[:2]])
    return Panel(procedure.title, shown, ratios, drawn)


def _figure(
    procedure: Procedure, code: str, title: Text, value: int, window: figures.Window, days: tuple[date, date], *, base: int = 0
) -> Figure:  # fmt: skip
    query = urlencode({"from": days[0].isoformat(), "until": days[1].isoformat()})
    link = f"{reverse('console_figure', args=[procedure.code, code])}?{query}"
    change = str(figures.change(value, base)) if base else ""
    per_day = yuan(round(value / window.length)) if code.startswith(SUMS) else f"{value / window.length:,.1f}"
    return Figure(figure_title(code, title), figure_value(code, value), per_day, change, link)


def window_of(given: QueryDict) -> tuple[date, date]:
    """The days asked for; the last thirty when none make sense."""
    day = local_date(city_now(db()))
    first, last = day_of(given.get("from", "")), day_of(given.get("until", ""))
    last = last or day
    first = first or last - timedelta(days=29)
    if first > last:
        first, last = last, first
    return max(first, last - timedelta(days=LONGEST)), last


def _after(given: QueryDict) -> tuple[datetime, int] | None:
    try:
        at = datetime.fromisoformat(given.get("at", ""))
        return (at if at.tzinfo else at.replace(tzinfo=CITY)), int(given.get("id", ""))
    except ValueError:
        return None
