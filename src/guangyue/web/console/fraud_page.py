"""Replay of a day (反诈回放): the fraud engine's warnings as they would have come, and one person's time line. Read only.

The day is told by ``guangyue fraud day … --into`` into ``fraud/day.json`` of the installation's folder. While it plays the
page asks for the next step by itself (a ``Refresh`` header, no script); the person watching starts and stops it. It is
for those who judge the warnings and those who oversee them, and every look at one resident stands in the access log.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.law import CITY
from guangyue.law.competence.actors import Role
from guangyue.records.access_log import Reading
from guangyue.records.access_log import write as log
from guangyue.records.database import alone
from guangyue.web.console.door import frame, staff_page
from guangyue.web.console.fraud_day import case_of, read_day, until

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from guangyue.city.viewer import Viewer

__all__ = ["READERS", "may_replay", "page"]

READERS = (Role.FRAUD_ANALYST, Role.SUPERVISOR)

PACES = (5, 15, 60)
"""Minutes of the day that a step of two seconds takes."""
EVERY_S = 2
LAST = time(23, 59)


def may_replay(viewer: Viewer) -> bool:
    """Whether the warnings concern this viewer's work."""
    return viewer.holds(*READERS)


@require_safe
@staff_page
def page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The day up to a moment; with ``person`` also that person's time line, with ``play`` going on by itself."""
    if not may_replay(viewer):
        raise NotVisibleError
    day = read_day(Path(settings.GUANGYUE_HOME) / "fraud" / "day.json")
    if day is None:
        return render(request, "console/fraud.html", frame(viewer, "fraud") | {"day": None})
    clock, pace = _clock(request.GET), _pace(request.GET)
    begin = datetime.fromtimestamp(day["begin"] / 1000, UTC).astimezone(CITY)
    moment = begin.replace(hour=clock.hour, minute=clock.minute, second=59)
    person = request.GET.get("person", "")
    case = case_of(day, person, moment) if person else None
    if person and case is None:
        raise NotVisibleError
    if case is not None:
        with alone() as raw:
            what = f"time line of {person} until {moment:%Y-%m-%d %H:%M}"
            log(raw, Reading(viewer=f"account:{viewer.account_id}", purpose="fraud replay", what=what))

    def link(**changed: Any) -> str:  # noqa: ANN401 - what an address holds
        kept = {"at": f"{clock:%H:%M}", "person": person, "play": pace} | changed
        return "?" + urlencode({k: v for k, v in kept.items() if v})

    following = _later(clock, pace or PACES[1])
    context = frame(viewer, "fraud") | {
        "day": day, "date": begin, "clock": clock, "told": until(day, moment, timedelta(minutes=pace or PACES[1])),
        "case": case, "playing": pace, "paces": [(p, link(play=p, at=_start(clock))) for p in PACES],
        "stop": link(play=""), "here": link(play="", person=""), "step": link(at=f"{following:%H:%M}", play=""),
        "ended": clock >= LAST,
    }  # fmt: skip
    response = render(request, "console/fraud.html", context)
    if pace and clock < LAST:
        response["Refresh"] = f"{EVERY_S}; url={link(at=f'{following:%H:%M}')}"
    return response


def _clock(given: QueryDict) -> time:
    """The moment asked for; the end of the day when none makes sense."""
    try:
        return time.fromisoformat(given.get("at", "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return LAST


def _pace(given: QueryDict) -> int:
    asked = given.get("play", "")
    return int(asked) if asked.isdecimal() and int(asked) in PACES else 0


def _later(clock: time, minutes: int) -> time:
    whole = clock.hour * 60 + clock.minute + minutes
    return LAST if whole >= LAST.hour * 60 + LAST.minute else time(whole // 60, whole % 60)


def _start(clock: time) -> str:
    """Where playing begins: here, or at midnight when the day is over."""
    return "00:00" if clock >= LAST else f"{clock:%H:%M}"
