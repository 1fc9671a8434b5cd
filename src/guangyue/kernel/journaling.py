"""Entries as plain JSON data: what a line of the journal says.

Codes stand instead of declarations, moments in RFC 3339 UTC, no floats, nothing that is at its default. Values of
personal fields pass through ``protect``, which puts a salted digest in their place, so that erasing the value later
leaves the journal valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from guangyue.kernel.canonical import moment, plain
from guangyue.kernel.command import Piece
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.storing import (
    Data,
    armed_data,
    at_or_none,
    child_data,
    read_armed,
    read_child,
    read_task,
    read_values,
    task_data,
    when,
)
from guangyue.law import Span

if TYPE_CHECKING:
    from guangyue.kernel.grammar.papers import Notice, Send
    from guangyue.kernel.procedure import Procedure

Protect = Callable[[str, object], object]


def entry_data(e: Entry, protect: Protect, personal: frozenset[str]) -> Data:
    """What the journal says of an entry. ``personal`` names the values that ``protect`` puts out of sight."""

    def shown(values: Mapping[str, object]) -> Data:
        return {k: protect(k, plain(v)) if k in personal else plain(v) for k, v in values.items()}

    lists: Data = {
        "sets": shown(e.sets), "values": shown(e.values), "evidence": [_piece_data(p) for p in e.evidence],
        "checks": sorted(e.checks), "present": sorted(e.present), "officers": list(e.officers),
        "arms": [armed_data(a) for a in e.arms], "stops": [_stop_data(s) for s in e.stops],
        "tasks": [task_data(t) for t in e.tasks], "children": [child_data(c) for c in e.children],
        "relations": [list(r) for r in e.relations], "unties": [list(r) for r in e.unties],
        "papers": [p.code for p in e.papers], "signed": e.signed,
        "notices": [n.code for n in e.notices], "sends": [[s.channel, s.what] for s in e.sends],
        "counts": [list(c) for c in e.counts], "holder": e.holder, "unit": e.unit, "parent": e.parent,
        "cause": e.cause, "late": e.late, "basis": e.basis, "closes": e.closes, "agency": e.agency, "role": e.role,
    }  # fmt: skip
    data: Data = {
        "matter": e.matter, "seq": e.seq, "procedure": e.procedure, "version": e.version, "digest": e.digest,
        "kind": e.kind, "act": e.act, "actor": e.actor, "observed_at": moment(e.observed_at),
        "decided_at": moment(e.decided_at), "before": e.before, "after": e.after,
    }  # fmt: skip
    data.update({k: v for k, v in lists.items() if v})
    if e.suspends is not None:
        data["suspends"] = e.suspends
    return data


def read_entry(d: Data, procedure: Procedure) -> Entry:
    """An entry from its journal line; papers, notices and messages are looked up in the procedure."""
    notices, sends = _messages(d, procedure)
    return Entry(
        matter=d["matter"], seq=d["seq"], procedure=d["procedure"], version=d["version"], digest=d["digest"],
        kind=d["kind"], act=d["act"], actor=d["actor"], role=d.get("role", ""), agency=d.get("agency", ""),
        observed_at=when(d["observed_at"]), decided_at=when(d["decided_at"]), before=d["before"], after=d["after"],
        closes=d.get("closes", False), cause=d.get("cause", ""), unit=d.get("unit", ""), parent=d.get("parent", ""),
        sets=read_values(d.get("sets", {}), procedure), values=read_values(d.get("values", {}), procedure, d["act"]),
        evidence=tuple(_read_piece(p) for p in d.get("evidence", ())), checks=frozenset(d.get("checks", ())),
        present=frozenset(d.get("present", ())), officers=tuple(d.get("officers", ())),
        arms=tuple(read_armed(a) for a in d.get("arms", ())), stops=tuple(_read_stop(s) for s in d.get("stops", ())),
        tasks=tuple(read_task(t) for t in d.get("tasks", ())),
        children=tuple(read_child(c) for c in d.get("children", ())),
        relations=tuple((kind, id_) for kind, id_ in d.get("relations", ())),
        unties=tuple((kind, id_) for kind, id_ in d.get("unties", ())),
        papers=tuple(procedure.paper(p) for p in d.get("papers", ())), signed=d.get("signed", ""),
        notices=tuple(notices[n] for n in d.get("notices", ())),
        sends=tuple(sends[channel, what] for channel, what in d.get("sends", ())),
        counts=tuple((code, amount) for code, amount in d.get("counts", ())), holder=d.get("holder", ""),
        suspends=d.get("suspends"), late=d.get("late", False), basis=d.get("basis", ""),
    )  # fmt: skip


def _messages(d: Data, procedure: Procedure) -> tuple[dict[str, Notice], dict[tuple[str, str], Send]]:
    """The notices and messages of the act or clock that an entry tells of."""
    if d["kind"] == "act":
        action = procedure.tables.actions.get(d["act"])
        if action is not None:
            return {n.code: n for n in action.notices}, {(s.channel, s.what): s for s in action.sends}
    deadline = procedure.tables.deadlines.get(d["act"])
    return ({n.code: n for n in deadline.notices} if deadline is not None else {}), {}


def _piece_data(p: Piece) -> Data:
    data: Data = {"set": p.set, "sha256": p.sha256, "kind": p.kind}
    for name in ("taken_at", "until"):
        if (at := getattr(p, name)) is not None:
            data[name] = moment(at)
    data.update({name: True for name in ("panorama", "plate_legible", "located") if getattr(p, name)})
    return data


def _read_piece(d: Data) -> Piece:
    return Piece(
        set=d["set"], sha256=d["sha256"], kind=d["kind"], taken_at=at_or_none(d.get("taken_at")),
        until=at_or_none(d.get("until")), panorama=d.get("panorama", False),
        plate_legible=d.get("plate_legible", False), located=d.get("located", False),
    )  # fmt: skip


def _stop_data(s: Stop) -> list[object]:
    return [s.key, s.occurrence, s.status, str(s.remaining) if s.remaining is not None else None]


def _read_stop(d: list[Any]) -> Stop:
    key, occurrence, status, left = d
    return Stop(key, occurrence, status, Span.parse(left) if left else None)
