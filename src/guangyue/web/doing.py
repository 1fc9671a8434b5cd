"""An act asked for by somebody signed in, from any face: made into an order, carried out, answered.

Pages and API come through here, so that what a form may do and what a program may do are the same thing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from guangyue.city import clock
from guangyue.city.personal.stray import stray
from guangyue.kernel import Command, Matter, Piece, Procedure, Reason, Refusal, read_entry, read_matter, replay
from guangyue.kernel.grammar import Kind, T
from guangyue.kernel.grammar.values import parse
from guangyue.records.access_log import Reading
from guangyue.records.access_log import write as log
from guangyue.records.commands import Done, NoSuchMatterError, Order, execute
from guangyue.records.database import alone, db
from guangyue.records.evidence.media import MediaType, kind_of
from guangyue.records.evidence.models import Evidence
from guangyue.records.library import LIBRARY, UnknownProcedureError
from guangyue.records.matters import matter_for
from guangyue.web.acting import best, capacities
from guangyue.web.colleagues import together
from guangyue.web.metrics.counting import acted
from guangyue.web.shifts import signed_in_at

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Actor

__all__ = ["Asked", "Shown", "do", "number_of", "plainly", "standing", "strays", "typed"]

MICRO = 1_000_000
_FARTHEST = 180
"""Degrees; what is more, or not a number, is left for the kernel to name."""
_FREE = frozenset({Kind.TEXT, Kind.LINES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A piece of evidence as its photographer describes it; the bytes were uploaded before.

    Attributes:
        set: the evidence set. sha256: of the bytes. taken_at, until: capture; empty: by the file's own word.
        position: longitude and latitude in degrees; empty: by the file's own word.
    """

    set: str
    sha256: str
    taken_at: datetime | None = None
    until: datetime | None = None
    panorama: bool = False
    plate_legible: bool = False
    located: bool | None = None
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants done, as any face takes it in.

    Attributes:
        act: the action's code. procedure: for an act that opens a matter. matter: for all others.
        key: the idempotency key. position: where the doer stands, in degrees, for a form that asks for the place.
    """

    act: str
    procedure: str = ""
    matter: str = ""
    key: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: Sequence[Shown] = ()
    observed_at: datetime | None = None
    position: tuple[float, float] | None = None
    checks: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    officers: tuple[str, ...] = ()
    assign: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    task: tuple[str, int, int] | None = None


def do(viewer: Viewer, asked: Asked) -> Done | Refusal:
    """Carries out an act, or says everything that speaks against it.

    Raises:
        NotVisibleError: there is no such matter for this viewer. UnknownProcedureError: no such procedure.
        IdempotencyError: the key was used for another request.
    """
    procedure, matter, row, actor = _at_hand(viewer, asked)
    misplaced = [*strays(procedure, asked.act, asked.values), *_strays_in_items(procedure, asked)]
    if misplaced:
        return Refusal(asked.act, tuple(misplaced))
    pieces, missing, handed_in = _pieces(viewer, procedure, asked)
    now = clock.now()
    officers, colleagues = together(asked.officers, procedure, matter, asked.act, now)
    command = Command(
        act=asked.act, received_at=now, observed_at=asked.observed_at, values=typed(procedure, asked),
        evidence=pieces, checks=asked.checks, present=asked.present, officers=officers, assign=asked.assign,
        items=_items(procedure, asked), related=asked.related, task=asked.task,
    )  # fmt: skip
    order = Order(
        procedure=asked.procedure, matter=asked.matter, command=command, actor=actor, key=asked.key, colleagues=colleagues,
        handed_in=handed_in,
    )  # fmt: skip
    if missing:
        return Refusal(asked.act, missing)
    answer = execute(order)
    acted(answer)
    if isinstance(answer, Refusal):
        _note(viewer, row, answer)
    return answer


def strays(procedure: Procedure, act: str, values: Mapping[str, object]) -> tuple[Reason, ...]:
    """Free texts that hold somebody's number: it would stand in the journal in plain, for good."""
    form = procedure.tables.forms.get(act, {})
    return tuple(
        Reason("value.personal", {"title": q.field.title}, field=name)
        for name, q in form.items()
        if q.field.kind in _FREE
        and not q.field.personal
        and isinstance(value := values.get(name), str)
        and stray(value)
    )


def _inner(procedure: Procedure, slot: str) -> tuple[Procedure, str] | None:
    """The procedure that the sub-matters of a slot follow, and their opening act."""
    child = next((c for c in procedure.children if c.slot == slot), None)
    if child is None or (child.procedure, 0) not in LIBRARY:
        return None
    return LIBRARY[child.procedure, 0], child.opening


def _items(procedure: Procedure, asked: Asked) -> dict[str, tuple[Mapping[str, object], ...]]:
    """The answers of every sub-matter as the kinds of its own form."""
    found: dict[str, tuple[Mapping[str, object], ...]] = {}
    for slot, items in asked.items.items():
        inner = _inner(procedure, slot)
        form = inner[0].tables.forms.get(inner[1], {}) if inner else {}
        found[slot] = tuple(
            {name: _typed(form[name].field.kind, v) if name in form else v for name, v in item.items()}
            for item in items
        )
    return found


def _strays_in_items(procedure: Procedure, asked: Asked) -> Iterator[Reason]:
    for slot, items in asked.items.items():
        if inner := _inner(procedure, slot):
            for item in items:
                yield from strays(*inner, item)


def standing(done: Done) -> tuple[Procedure, Matter]:
    """The matter as the act left it, for the answer to whoever did it; also when the answer is a replay."""
    raw = db()
    row = raw.execute("select procedure, version, snapshot from matter where id = %s", [done.id]).fetchone()
    if row is None:
        raise NoSuchMatterError(done.matter)
    procedure = LIBRARY.find(raw, row[0], row[1])
    snapshot = plainly(row[2])
    if snapshot["seq"] == done.seq:
        personal = procedure.tables.personal
        public = {k: v for k, v in snapshot["fields"].items() if k not in personal}
        return procedure, read_matter({**snapshot, "fields": public}, procedure)
    bodies = raw.execute(
        "select body from journal where matter_id = %s and seq <= %s order by seq", [done.id, done.seq]
    ).fetchall()
    return procedure, replay(read_entry(json.loads(body), procedure) for (body,) in bodies)


def plainly(value: object) -> dict[str, Any]:
    """A stored document; Django's connection hands JSON over as text."""
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value  # type: ignore[assignment]  # a JSON object
    return found


def number_of(done: Done) -> str:
    """The matter's number, or its row's where its procedure gives none."""
    row = db().execute("select number from matter where id = %s", [done.id]).fetchone()
    return (row[0] if row else None) or str(done.id)


def typed(procedure: Procedure, asked: Asked) -> dict[str, object]:
    """The answers as the form's own kinds; what cannot be read stays as it is, and the kernel names it."""
    form = procedure.tables.forms.get(asked.act, {})
    given = {name: _typed(form[name].field.kind, v) if name in form else v for name, v in asked.values.items()}
    if asked.position is not None:
        place = next((n for n, q in form.items() if q.field.kind is Kind.PLACE), "")
        if place and given.get(place) in (None, ""):
            given[place] = _micro(*asked.position)
    return given


def _typed(kind: Kind, value: object) -> object:
    if kind is Kind.PLACE and isinstance(value, Mapping) and {"lon", "lat"} <= value.keys():
        lon, lat = value["lon"], value["lat"]
        if {type(lon), type(lat)} <= {int, float} and abs(lon) <= _FARTHEST and abs(lat) <= _FARTHEST:
            return _micro(lon, lat)
    return parse(kind, value)


def _micro(lon: float, lat: float) -> tuple[int, int]:
    return round(lon * MICRO), round(lat * MICRO)


def _at_hand(viewer: Viewer, asked: Asked) -> tuple[Procedure, Matter, str, Actor]:
    """The procedure, the matter, its row, and the capacity in which the viewer acts; the judging is done under lock."""
    since = signed_in_at(viewer.account_id)
    if not asked.matter:
        if (asked.procedure, 0) not in LIBRARY:
            raise UnknownProcedureError(asked.procedure)
        procedure = LIBRARY[asked.procedure, 0]
        nothing = Matter(id="", procedure=procedure.code, version=procedure.version)
        return procedure, nothing, "", best(capacities(viewer, signed_in_at=since), procedure, nothing, asked.act)
    view = matter_for(viewer, asked.matter)
    actor = best(list(view.actors), view.procedure, view.matter, asked.act)
    if asked.task is not None and (state := view.matter.task(*asked.task[:2])) is not None:
        unit = state.hops[asked.task[2]].unit if asked.task[2] < len(state.hops) else ""
        actor = next((a for a in view.actors if a.unit == unit), actor)
    return view.procedure, view.matter, str(view.line.row), replace(actor, signed_in_at=since)


def _pieces(
    viewer: Viewer, procedure: Procedure, asked: Asked
) -> tuple[tuple[Piece, ...], tuple[Reason, ...], tuple[str, ...]]:
    """The evidence with what its bytes say, what is missing, and the rows; nothing counts whose bytes are not here."""
    if not asked.evidence:
        return (), (), ()
    digests = {s.sha256 for s in asked.evidence}
    own = Evidence.objects.filter(blob__in=digests, uploader=viewer.account_id, disposed_at=None).select_related("blob")
    blobs = {e.blob_id: e.blob for e in own}
    pieces: list[Piece] = []
    missing: Counter[str] = Counter()
    for shown in asked.evidence:
        blob = blobs.get(shown.sha256)
        if blob is None:
            missing[shown.set] += 1
            continue
        located = (
            shown.located if shown.located is not None else shown.position is not None or blob.position is not None
        )
        pieces.append(
            Piece(
                set=shown.set, sha256=shown.sha256, taken_at=shown.taken_at or blob.taken_at,
                until=shown.until or blob.until,
                kind=kind_of(MediaType(blob.media_type)),
                panorama=shown.panorama, plate_legible=shown.plate_legible, located=located,
            )
        )  # fmt: skip
    action = procedure.tables.actions.get(asked.act)
    titles = {e.code: e.title for e in action.evidence} if action else {}
    lacking = tuple(
        Reason("evidence.not_arrived", {"title": titles.get(code, T(code, code)), "number": n}, field="evidence")
        for code, n in missing.items()
    )
    return tuple(pieces), lacking, tuple(str(e.pk) for e in own)


def _note(viewer: Viewer, row: str, refused: Refusal) -> None:
    """Somebody tried what is not theirs to do: that stands in the access log (ASVS 16.3.2)."""
    codes = sorted(c for c in refused.codes if c.startswith("who."))
    if codes:
        with alone() as raw:
            log(raw, Reading(
                viewer=f"account:{viewer.account_id}", purpose=f"attempt {refused.act}",
                what=f"refused: {', '.join(codes)}", matter=int(row) if row else None,
            ))  # fmt: skip
