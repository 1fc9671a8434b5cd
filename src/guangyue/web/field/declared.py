"""The declarations as a phone needs them: the acts its officer has a role for and a phone can carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar import Kind, PhotoSet
from guangyue.records.library import LIBRARY
from guangyue.web.api.describing import acts, described, mine

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Action

__all__ = ["for_phone", "on_phone"]

_ASKABLE = frozenset(Kind) - {Kind.PERSON, Kind.UNIT, Kind.MATTER, Kind.FILE}
"""What an officer can answer in the street; a party is named in words. Choosing units, people or other
matters belongs to the console."""


def for_phone(viewer: Viewer) -> list[dict[str, Any]]:
    """Every procedure in which the viewer can do something with a phone in the hand."""
    found = (_procedure(LIBRARY[code, 0], viewer) for code in LIBRARY.codes())
    return [said for said in found if said["acts"]]


def on_phone(procedure: Procedure, action: Action) -> bool:
    """Whether the phone's form can ask everything that the act needs.

    Photographs, a voice or video file, answers, ticks, who is present, which colleagues act together; tasks, sub-matters
    and ties between matters belong to the console, and so does a recording that must cover the whole act.
    """
    form = procedure.tables.forms[action.code]
    needs_more = (
        action.tasks
        or action.children
        or action.relates
        or action.unrelates
        or any(not isinstance(p, PhotoSet) and p.required for p in action.evidence)
        or any(q.ask.required and q.field.kind not in _ASKABLE for q in form.values())
    )
    return not needs_more


def _procedure(procedure: Procedure, viewer: Viewer) -> dict[str, Any]:
    possible = {a.code for a in acts(procedure) if mine(viewer, a) and on_phone(procedure, a)}
    said = described(procedure, viewer)
    return {
        "code": said["code"],
        "title": said["title"],
        "states": {s["code"]: {"title": s["title"], "final": s["outcome"]} for s in said["states"]},
        "acts": [_act(procedure, a) for a in said["actions"] if a["code"] in possible],
        "clocks": [
            {"key": d["key"], "title": d["title"], "during": d["during"], "lapses_to": d["lapses_to"]}
            for d in said["deadlines"]
        ],
    }


def _act(procedure: Procedure, said: dict[str, Any]) -> dict[str, Any]:
    action = procedure.action(said["code"])
    spans = {p.code: p.apart for p in action.evidence if isinstance(p, PhotoSet)}
    return {
        "code": said["code"],
        "title": said["title"],
        "law": said["law"],
        "opens": said["opens"],
        "moves": said["moves"],
        "form": [
            {k: q[k] for k in ("name", "kind", "title", "required", "choices")}
            for q in said["form"]
            if q["kind"] in _ASKABLE
        ],
        "checks": said["checks"],
        "present": said["present"],
        "officers": said["officers"],
        "colleagues": said["colleagues"],
        "consults": action.consults is not None,
        "recordings": [{"code": p["set"], "title": p["title"]} for p in said["evidence"] if p["kind"] == "recording"],
        "evidence": [
            {
                "code": p["set"],
                **{k: p[k] for k in ("title", "at_least", "panoramas", "legible_plate", "located")},
                "apart": int(span.clock.total_seconds()) if (span := spans[p["set"]]) and span.clock else 0,
            }
            for p in said["evidence"]
            if p["kind"] == "photos"
        ],
    }
