"""A stored patrol plan to look at (巡防方案): rounds, stops and outposts on the map, each with its reason. Read-only.

The file is what ``guangyue patrol plan … --into $GUANGYUE_HOME/patrol`` wrote; whoever confirms a plan puts it there. It
rests on calls for service alone, and names no person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.kernel.grammar import T
from guangyue.law import Text
from guangyue.law.competence.actors import Role
from guangyue.web.console.door import frame, staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer

__all__ = ["READERS", "features", "may_look", "page"]

READERS = (
    Role.COMMANDER,
    Role.DISPATCHER,
    Role.AGENCY_HEAD,
    Role.STATION_OFFICER,
    Role.COUNTY_OFFICER,
    Role.SUPERVISOR,
)
"""Those who command, drive or oversee the rounds."""
LARGEST = 8 << 20
Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a crew stays, and why."""

    name: str
    since: str
    until: str
    reason: Text
    id: str


@dataclass(frozen=True, slots=True)
class Round:
    """A crew's round."""

    crew: str
    drone: bool
    since: str
    until: str
    km: float
    minutes: float
    calls: float
    streets: tuple[str, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file holds."""

    rounds: tuple[Round, ...]
    outposts: tuple[Stop, ...]
    made_for: str
    slot: str
    written_at: datetime


def may_look(viewer: Viewer) -> bool:
    """Whether the plan concerns this viewer's work."""
    return viewer.holds(*READERS)


@require_safe
@staff_page
def page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The plan as a list beside its map; what is missing or cannot be read is said."""
    if not may_look(viewer):
        raise NotVisibleError
    found = _read()
    plan = _plan(found) if isinstance(found, dict) else None
    said = {"plan": plan, "broken": found is None or (bool(found) and plan is None)}
    return render(request, "console/patrol.html", frame(viewer, "patrol") | said)


@require_safe
@staff_page
def features(request: HttpRequest, viewer: Viewer) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """The plan's lines and points for the map."""
    if not may_look(viewer):
        raise NotVisibleError
    found = _read() or {}
    drawn = [_drawn(n, f) for n, f in enumerate(found.get("features", []))] if _plan(found) else []
    return JsonResponse({"type": "FeatureCollection", "features": drawn})


def _path() -> Path:
    return Path(settings.GUANGYUE_HOME) / "patrol" / "plan.geojson"


def _read() -> Feature | None:
    """The file; empty when there is none, nothing when it cannot be read."""
    path = _path()
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > LARGEST:
            return None
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _plan(found: Feature) -> Plan | None:
    """The plan of a file; nothing where it is none."""
    try:
        rounds, stops, posts = [], [], []
        for n, feature in enumerate(found["features"]):
            told = feature["properties"]
            if "round" in told:
                rounds.append(told)
            elif "outpost" in told:
                posts.append(Stop(str(told["outpost"]), "", "", T(str(told["zh"]), str(told["en"])), f"p{n}"))
            else:
                reason = T(str(told["zh"]), str(told["en"]))
                one = Stop(str(told["name"]), _clock(told["arrives"]), _clock(told["leaves"]), reason, f"p{n}")
                stops.append((told["crew"], one))
        about = found.get("plan") or {}
        return Plan(
            tuple(_round(told, [s for crew, s in stops if crew == told["round"]]) for told in rounds), tuple(posts),
            str(about.get("from", "")), str(about.get("slot", "")),
            datetime.fromtimestamp(_path().stat().st_mtime, UTC),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _round(told: Feature, stops: list[Stop]) -> Round:
    return Round(
        crew=str(told["round"]), drone=told["kind"] == "drone", since=_clock(told["begins"]), until=_clock(told["ends"]),
        km=float(told["km"]), minutes=float(told["minutes"]), calls=float(told["calls"]),
        streets=tuple(str(s) for s in told.get("streets", ()) if s), stops=tuple(stops),
    )  # fmt: skip


def _clock(minutes: float) -> str:
    """Minutes of the slot as hours and minutes from its beginning."""
    whole = round(float(minutes))
    return f"{whole // 60}:{whole % 60:02}"


def _drawn(n: int, feature: Feature) -> Feature:
    """A feature with what the map tells apart, and nothing else."""
    told = feature["properties"]
    kind = "round" if "round" in told else "outpost" if "outpost" in told else "stop"
    said = {"id": f"p{n}", "kind": kind, "crew": str(told.get("round") or told.get("crew") or "")}
    return {"type": "Feature", "geometry": feature["geometry"], "properties": said}
