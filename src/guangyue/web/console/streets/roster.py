"""Joint shifts (联合排班): who goes out with whom, from both agencies, day by day; heads and commanders write it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guangyue.city.errors import CityError, NotVisibleError
from guangyue.city.models import Person, Shift, Unit
from guangyue.city.roster import add_shift, cancel_shift
from guangyue.law import CITY, local_date
from guangyue.law.competence.actors import Role
from guangyue.records.database import city_now, db
from guangyue.records.matters import Asked, matters_for
from guangyue.web.console.asking import day_of
from guangyue.web.console.door import staff_page
from guangyue.web.console.names import agency_of, units
from guangyue.web.console.opening import openings
from guangyue.web.console.streets.reach import BOTH, desk_frame, may_roster
from guangyue.web.onshift import JOINT, roster

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from guangyue.city.viewer import Viewer
    from guangyue.law import Text

__all__ = ["page"]

TEAM = "streets.team"
WRITERS = (Role.AGENCY_HEAD.value, Role.COMMANDER.value)
HOURS, LASTS = range(24), range(1, 25)
DAYS = 7


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The roster of a day, and the teams; a line more or less by whoever may write it."""
    if not may_roster(viewer):
        raise NotVisibleError
    now = city_now(db())
    given = request.POST if request.method == "POST" else request.GET
    day = day_of(given.get("day", "")) or local_date(now)
    wrong: Text | None = None
    if request.method == "POST":
        try:
            _write(request, viewer, day, now)
            return HttpResponseRedirect(f"{reverse('streets_roster')}?day={day.isoformat()}")
        except CityError as error:
            if isinstance(error, NotVisibleError):
                raise
            wrong = error.text
    since = datetime.combine(day, time(), CITY)
    crews = roster(since, since + timedelta(days=1), now)
    teams = matters_for(viewer, Asked(where="involved", procedures=(TEAM,), open=True, most=30)).lines
    context: dict[str, Any] = desk_frame(viewer, "roster") | {
        "day": day, "today": local_date(now), "crews": crews, "wrong": wrong, "given": given,
        "days": [local_date(now) + timedelta(days=n) for n in range(-1, DAYS - 1)],
        "writes": viewer.holds(*WRITERS), "units": _units(viewer),
        "mine": {m.pk for c in crews for m in c.members if _reached(viewer, m.unit_path)},
        "teams": teams, "may_form": next((o for o in openings(viewer) if o.procedure.code == TEAM), None),
        "hours": HOURS,
    }  # fmt: skip
    return render(request, "console/streets/roster.html", context, status=422 if wrong else 200)


def _reached(viewer: Viewer, path: str) -> bool:
    return viewer.reaches(path, *WRITERS)


def _units(viewer: Viewer) -> list[tuple[str, Text]]:
    """The units of both agencies for which the viewer writes the roster."""
    names = units()
    rows = Unit.objects.filter(closed_at=None).order_by("path").values_list("code", "path")
    return [(c, names[c]) for c, path in rows if c in names and agency_of(c) in BOTH and _reached(viewer, path)]


def _write(request: HttpRequest, viewer: Viewer, day: date, now: datetime) -> None:
    """Puts somebody on a joint shift, or takes a shift off.

    Raises:
        NotVisibleError: not this viewer's to write. CityError: why the shift cannot be.
    """
    if gone := request.POST.get("cancel", ""):
        shift = Shift.objects.filter(pk=int(gone) if gone.isdecimal() else 0, post=JOINT).select_related("unit").first()
        if shift is None or not _reached(viewer, shift.unit.path):
            raise NotVisibleError
        cancel_shift(shift, now)
        return
    unit = Unit.objects.filter(code=request.POST.get("unit", "")).first()
    if unit is None or not _reached(viewer, unit.path):
        raise NotVisibleError
    person = Person.objects.filter(number=request.POST.get("number", "").strip()[:40]).first()
    if person is None:
        raise CityError("shift.role", unit=units()[unit.code])
    begins, lasts = _whole(request.POST.get("from", "")), _whole(request.POST.get("lasts", ""))
    if begins not in HOURS or lasts not in LASTS:
        raise CityError("shift.hours", longest=LASTS[-1])
    since = datetime.combine(day, time(begins), CITY)
    crew = request.POST.get("crew", "").strip()[:40]
    add_shift(person, unit, JOINT, since, since + timedelta(hours=lasts), crew=crew)


def _whole(text: str) -> int:
    """A small whole number, or one that no hour is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("24") else -1
