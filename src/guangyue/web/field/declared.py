"""The declarations as a phone needs them: the acts its officer has a role for and a phone can carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar import Kind, PhotoSet
from guangyue.kernel.tables import relation_of, slots
from guangyue.records.library import LIBRARY
from guangyue.web.api.describing import acts, described, mine
from guangyue.web.console.many import MODES, slot_form, units_for

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Action
    from guangyue.kernel.tables import Question
    from guangyue.law import Text

__all__ = ["for_phone", "on_phone"]

_ASKABLE = frozenset(Kind) - {Kind.PERSON, Kind.UNIT, Kind.MATTER, Kind.FILE}
"""What an officer can answer in the street; a party is named in words."""


def for_phone(viewer: Viewer) -> list[dict[str, Any]]:
    """Every procedure in which the viewer can do something with a phone in the hand."""
    found = (_procedure(LIBRARY[code, 0], viewer) for code in LIBRARY.codes())
    return [said for said in found if said["acts"]]


def on_phone(procedure: Procedure, action: Action) -> bool:
    """Whether the phone's form can ask everything that the act needs.

    Photographs, a voice or video file, answers, ticks, who is present, which colleagues act together, units to give work to,
    lists of things, a matter in hand that it belongs to; a recording that must cover the whole act belongs to the console,
    and so does taking ties back.
    """
    form = procedure.tables.forms[action.code]
    lists = [slot_form(procedure.child(slot)) for slot in slots(action)]
    needs_more = (
        action.unrelates
        or any(not isinstance(p, PhotoSet) and p.required for p in action.evidence)
        or any(_beyond(q) for q in form.values())
        or any(not form or any(map(_beyond, form.values())) for form in lists)
    )
    return not needs_more


def _beyond(q: Question) -> bool:
    """Whether a phone cannot ask what must be answered."""
    return q.ask.required and q.field.kind not in _ASKABLE


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _assigns(procedure: Procedure, action: Action) -> list[dict[str, Any]]:
    """The tasks an act gives out, with the units that may take them."""
    tasks = [procedure.task(code) for code in action.tasks]
    return [
        {
            "code": t.code, "title": _words(t.title), "hint": _words(MODES[t.mode]),
            "choices": [{"code": code, "title": _words(name)} for code, name in units_for(procedure, t)],
        }
        for t in tasks
    ]  # fmt: skip


def _items(procedure: Procedure, action: Action) -> list[dict[str, Any]]:
    """The lists an act brings, with what is asked of each thing."""
    children = [procedure.child(slot) for slot in slots(action)]
    return [
        {
            "slot": c.slot, "title": _words(c.title),
            "form": [
                {
                    "name": name, "kind": q.field.kind.value, "title": _words(q.field.title), "required": q.ask.required,
                    "choices": [{"code": code, "title": _words(text)} for code, text in q.field.choices],
                }
                for name, q in slot_form(c).items() if q.field.kind in _ASKABLE
            ],
        }
        for c in children
    ]  # fmt: skip


def _ties(procedure: Procedure, action: Action) -> dict[str, Any] | None:
    """What the matter it belongs to may be; it is chosen among those in hand."""
    kind = relation_of(action)
    if not kind:
        return None
    relation = procedure.relation(kind)
    return {"kind": kind, "title": _words(relation.title), "to": list(relation.to)}


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
        "assigns": _assigns(procedure, action),
        "items": _items(procedure, action),
        "belongs": _ties(procedure, action),
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
