"""A procedure as plain data for programs and phones: its states, acts, forms and evidence, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from guangyue.kernel.canonical import plain
from guangyue.kernel.grammar import Competent, Kind, PhotoSet
from guangyue.kernel.grammar.lawful import circumstances
from guangyue.kernel.grammar.requirements import Checked, Present
from guangyue.law.competence.actions import Fact
from guangyue.web.acting import capacities
from guangyue.web.api.bodies import IDENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Procedure
    from guangyue.kernel.grammar import Action, Recording
    from guangyue.kernel.tables import Question
    from guangyue.law import Text

__all__ = ["acts", "described", "mine", "with_colleagues"]

Data = dict[str, Any]
_TOLD: Final[dict[str, tuple[tuple[Action, Data], ...]]] = {}


def words(text: Text) -> dict[str, str]:
    """A wording in both languages."""
    return {"zh": text.zh, "en": text.en}


def acts(procedure: Procedure) -> Iterator[Action]:
    """The acts that people do; machines have theirs."""
    yield from (a for a in procedure.actions if any(w.kind != "system" for w in a.by))


def mine(viewer: Viewer, action: Action) -> bool:
    """Whether a viewer holds a role for an act, in some unit; the matter decides the rest."""
    return any(
        who.kind == "role" and who.code in actor.roles and who.agency in {"", actor.agency}
        and (not who.levels or actor.level in who.levels)
        for actor in capacities(viewer) for who in action.by
    )  # fmt: skip


def with_colleagues(action: Action) -> bool:
    """Whether officers may have to act together: the declaration says so, or the law asks for two in some circumstances."""
    powers = [r.power for r in action.requires if isinstance(r, Competent)]
    return action.officers > 1 or any(
        Fact.TWO_OFFICERS in circumstances(who.code, power)
        for power in powers
        for who in action.by
        if who.kind == "role"
    )


def described(procedure: Procedure, viewer: Viewer) -> Data:
    """One procedure, with ``mine`` for the acts this viewer has a role for."""
    return {
        "code": procedure.code,
        "version": procedure.version,
        "digest": procedure.digest,
        "title": words(procedure.title),
        "law": words(procedure.law) if procedure.law else None,
        "states": [
            {"code": s.code, "title": words(s.title), "outcome": s.code in procedure.tables.outcomes}
            for s in procedure.states
        ],
        "deadlines": [
            {"key": d.key, "title": words(d.title), "mode": d.mode, "lapses_to": d.lapses_to, "during": list(d.during)}
            for d in procedure.deadlines
        ],
        "actions": [{**said, "mine": mine(viewer, a)} for a, said in _told(procedure)],
    }


def _told(procedure: Procedure) -> tuple[tuple[Action, Data], ...]:
    """Its acts without ``mine``, made once for each digest: a phone asks for all procedures at every sign-in."""
    if (told := _TOLD.get(procedure.digest)) is None:
        told = _TOLD[procedure.digest] = tuple((a, _act(procedure, a)) for a in acts(procedure))
    return told


def _act(procedure: Procedure, action: Action) -> Data:
    form = procedure.tables.forms[action.code]
    return {
        "code": action.code,
        "title": words(action.title),
        "law": words(action.law) if action.law else None,
        "opens": action.opens,
        "moves": {
            before: step.after
            for before, step in procedure.tables.steps[action.code].items()
            if step is not None and before
        },
        "repeat": action.repeat,
        "irreversible": action.irreversible,
        "officers": action.officers,
        "colleagues": with_colleagues(action),
        "by": [words(who.title) for who in action.by],
        "form": [_question(name, q) for name, q in form.items()],
        "evidence": [_profile(p) for p in action.evidence],
        "checks": [{"code": r.code, "title": words(r.title)} for r in action.requires if isinstance(r, Checked)],
        "present": [{"code": r.code, "title": words(r.title)} for r in action.requires if isinstance(r, Present)],
        "documents": [{"code": d.code, "title": words(d.title)} for d in action.documents],
        "tasks": list(action.tasks),
        "children": list(action.children),
        "relates": action.relates,
    }


def _question(name: str, q: Question) -> Data:
    return {
        "name": name,
        "kind": q.field.kind.value,
        "title": words(q.field.title),
        "required": q.ask.required,
        "at_least": q.ask.at_least,
        "at_most": q.ask.at_most,
        "sets": q.sets,
        "personal": q.field.personal,
        "choices": [{"code": code, "title": words(text)} for code, text in q.field.choices],
    }


def _profile(profile: PhotoSet | Recording) -> Data:
    if isinstance(profile, PhotoSet):
        return {
            "set": profile.code,
            "kind": "photos",
            "title": words(profile.title),
            "at_least": profile.at_least,
            "panoramas": profile.panoramas,
            "legible_plate": profile.legible_plate,
            "located": profile.located,
            "timed": profile.timed,
            "apart": str(profile.apart) if profile.apart else None,
            "together_with": list(profile.together_with),
        }
    return {
        "set": profile.code,
        "kind": "recording",
        "title": words(profile.title),
        "required": profile.required,
        "without_gap": str(profile.without_gap) if profile.without_gap else None,
    }


VALUE_SCHEMAS: dict[Kind, Data] = {
    Kind.LINES: {"type": "string", "maxLength": 20_000},
    Kind.INTEGER: {"type": "integer"},
    Kind.MONEY: {"type": "integer", "description": "fen"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.PLACE: {
        "description": "WGS-84: degrees as an object, or micro-degrees as a pair, longitude first",
        "oneOf": [
            {
                "type": "object",
                "required": ["lon", "lat"],
                "properties": {
                    "lon": {"type": "number", "minimum": -180, "maximum": 180},
                    "lat": {"type": "number", "minimum": -90, "maximum": 90},
                },
            },
            {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        ],
    },
}


def value_schema(q: Question) -> Data:
    """JSON Schema of one answer."""
    field, ask = q.field, q.ask
    schema: Data = dict(VALUE_SCHEMAS.get(field.kind, {"type": "string", "maxLength": 200}))
    codes = [code for code, _ in field.choices]
    if field.kind is Kind.CHOICE:
        schema = {"type": "string", "enum": codes}
    elif field.kind is Kind.CHOICES:
        schema = {"type": "array", "items": {"type": "string", **({"enum": codes} if codes else {})}}
    names = {"string": ("minLength", "maxLength"), "integer": ("minimum", "maximum")}.get(str(schema.get("type")))
    if names and "enum" not in schema:
        schema |= {k: v for k, v in zip(names, (ask.at_least, ask.at_most), strict=True) if v is not None}
    return schema | {"title": field.title.en, "x-title-zh": field.title.zh}


def act_schema(procedure: Procedure, action: Action) -> Data:
    """JSON Schema of one act's body: which answers, which evidence sets, what to tick."""
    form = procedure.tables.forms[action.code]
    required = [n for n, q in form.items() if q.ask.required and (action.opens or not q.sets)]
    checks = [r.code for r in action.requires if isinstance(r, Checked)]
    present = [r.code for r in action.requires if isinstance(r, Present)]
    properties: Data = {
        "procedure": {"const": procedure.code},
        "action": {"const": action.code},
        "values": {
            "type": "object",
            "properties": {n: value_schema(q) for n, q in form.items()},
            "additionalProperties": False,
            **({"required": required} if required else {}),
        },
        "observed_at": {"type": ["string", "null"], "format": "date-time"},
        "received_at": {"type": ["string", "null"], "format": "date-time"},
        "position": {"anyOf": [{"$ref": "#/components/schemas/Where"}, {"type": "null"}]},
    }
    ident = {"type": "string", "pattern": IDENT}
    if action.evidence:
        properties["evidence"] = {
            "type": "array",
            "maxItems": 100,
            "items": {
                "allOf": [
                    {"$ref": "#/components/schemas/PieceIn"},
                    {"properties": {"set": {"enum": [p.code for p in action.evidence]}}},
                ]
            },
        }
    for name, codes in (("checks", checks), ("present", present)):
        if codes:
            properties[name] = {"type": "array", "items": {"enum": codes}}
    if action.officers > 1:
        properties["officers"] = {"type": "array", "items": ident, "minItems": action.officers - 1, "maxItems": 100}
    for name, keys in (("assign", action.tasks), ("related", (action.relates, action.unrelates))):
        if given := [k for k in keys if k]:
            properties[name] = {
                "type": "object",
                "properties": {k: {"type": "array", "items": ident} for k in given},
                "additionalProperties": False,
            }
    if action.children:
        properties["items"] = {
            "type": "object",
            "properties": {k: {"type": "array", "items": {"type": "object"}} for k in action.children},
            "additionalProperties": False,
        }
    return {
        "title": f"{procedure.title.en}: {action.title.en}",
        "description": f"{procedure.title.zh}：{action.title.zh}" + (f"（{action.law.zh}）" if action.law else ""),
        "type": "object",
        "required": ["procedure", "action"] if action.opens else [],
        "properties": properties,
        "additionalProperties": False,
        "x-procedure": procedure.code,
        "x-action": action.code,
        "x-by": [who.name for who in action.by],
        "x-moves": plain({b: s.after for b, s in procedure.tables.steps[action.code].items() if s is not None}),
    }
