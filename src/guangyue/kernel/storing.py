"""Matters and entries as plain JSON data: what the records keep and read back.

An entry's data is what its journal line says: codes instead of declarations, moments in RFC 3339 UTC, no floats, nothing
that is at its default. Values of personal fields pass through ``protect``, which puts a salted digest in their place, so
that erasing the value later leaves the journal valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from guangyue.kernel.canonical import moment, plain
from guangyue.kernel.command import Piece
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.matter import Armed, ChildRef, Hop, Matter, Passage, Shots, TaskState
from guangyue.law import Span

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

Data = dict[str, Any]
Protect = Callable[[str, object], object]


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def armed_data(a: Armed) -> Data:
    """A clock as plain data."""
    data: Data = {
        "key": a.key, "n": a.occurrence, "rule": a.rule, "from": moment(a.started_at), "due": moment(a.due_at),
        "inclusive": a.inclusive, "calendar": a.calendar, "status": a.status,
    }  # fmt: skip
    if a.provisional:
        data["provisional"] = True
    if a.remaining is not None:
        data["remaining"] = str(a.remaining)
    if a.span is not None:
        data["span"] = str(a.span)
    if a.granted:
        data["granted"] = [str(s) for s in a.granted]
    return data


def read_armed(d: Data) -> Armed:
    """A clock from its data."""
    return Armed(
        key=d["key"], occurrence=d["n"], rule=d["rule"], started_at=_when(d["from"]), due_at=_when(d["due"]),
        inclusive=d["inclusive"], provisional=d.get("provisional", False), calendar=d["calendar"], status=d["status"],
        remaining=Span.parse(d["remaining"]) if "remaining" in d else None,
        span=Span.parse(d["span"]) if "span" in d else None,
        granted=tuple(Span.parse(s) for s in d.get("granted", ())),
    )  # fmt: skip


def _task_data(t: TaskState) -> Data:
    hops = [[h.unit, h.status, moment(h.since) if h.since else None, h.by, h.note] for h in t.hops]
    return {"code": t.code, "number": t.number, "status": t.status, "hops": hops}


def _read_task(d: Data) -> TaskState:
    hops = tuple(Hop(unit, status, _at(since), by, note) for unit, status, since, by, note in d["hops"])
    return TaskState(d["code"], d["number"], hops, d["status"])


def _child_data(c: ChildRef) -> list[object]:
    return [c.slot, c.id, c.state, c.closed]


def matter_data(m: Matter) -> Data:
    """A matter as plain data; :func:`read_matter` gives it back equal, but for how its values were written."""
    return {
        "id": m.id, "procedure": m.procedure, "version": m.version, "state": m.state, "closed": m.closed,
        "suspended": m.suspended, "seq": m.seq, "holder": m.holder, "parent": m.parent, "fields": plain(m.fields),
        "deadlines": {k: armed_data(a) for k, a in m.deadlines.items()},
        "passages": [[p.state, moment(p.at), p.by] for p in m.passages],
        "doers": {k: list(v) for k, v in m.doers.items()}, "checks": sorted(m.checks), "papers": dict(m.papers),
        "shots": {k: [s.number, moment(s.first), moment(s.last)] for k, s in m.shots.items()},
        "tasks": [_task_data(t) for t in m.tasks], "children": [_child_data(c) for c in m.children],
        "relations": [list(r) for r in m.relations],
    }  # fmt: skip


def read_matter(d: Data, procedure: Procedure | None = None) -> Matter:
    """A matter from its data. With its procedure, moments and days among the fields become such again."""
    return Matter(
        id=d["id"], procedure=d["procedure"], version=d["version"], state=d["state"], closed=d["closed"],
        suspended=d["suspended"], seq=d["seq"], holder=d["holder"], parent=d["parent"],
        fields=read_values(d["fields"], procedure), deadlines={k: read_armed(a) for k, a in d["deadlines"].items()},
        passages=tuple(Passage(state, _when(at), by) for state, at, by in d["passages"]),
        doers={k: tuple(v) for k, v in d["doers"].items()}, checks=frozenset(d["checks"]), papers=d["papers"],
        shots={k: Shots(n, _when(a), _when(b)) for k, (n, a, b) in d["shots"].items()},
        tasks=tuple(_read_task(t) for t in d["tasks"]),
        children=tuple(ChildRef(slot, id_, state, closed) for slot, id_, state, closed in d["children"]),
        relations=tuple((kind, id_) for kind, id_ in d["relations"]),
    )  # fmt: skip


def read_values(values: Mapping[str, Any], procedure: Procedure | None) -> dict[str, object]:
    """Answers or fields as a procedure's own kinds: text of a moment becomes a moment, of a day a day."""
    if procedure is None:
        return dict(values)
    from guangyue.kernel.grammar.values import parse

    fields = procedure.tables.fields
    return {k: parse(fields[k].kind, v) if k in fields else v for k, v in values.items()}


def entry_data(e: Entry, protect: Protect, personal: frozenset[str]) -> Data:
    """What the journal says of an entry. ``personal`` names the fields that ``protect`` puts out of sight."""

    def shown(values: Mapping[str, object]) -> Data:
        return {k: protect(k, plain(v)) if k in personal else plain(v) for k, v in values.items()}

    lists: Data = {
        "sets": shown(e.sets), "values": shown(e.values), "evidence": [_piece_data(p) for p in e.evidence],
        "checks": sorted(e.checks), "present": sorted(e.present), "officers": list(e.officers),
        "arms": [armed_data(a) for a in e.arms], "stops": [_stop_data(s) for s in e.stops],
        "tasks": [_task_data(t) for t in e.tasks], "children": [_child_data(c) for c in e.children],
        "relations": [list(r) for r in e.relations], "papers": [p.code for p in e.papers], "signed": e.signed,
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
    action = procedure.tables.actions.get(d["act"])
    deadline = procedure.tables.deadlines.get(d["act"])
    notices = {n.code: n for n in (action.notices if action else deadline.notices if deadline else ())}
    sends = {(s.channel, s.what): s for s in (action.sends if action else ())}
    return Entry(
        matter=d["matter"], seq=d["seq"], procedure=d["procedure"], version=d["version"], digest=d["digest"],
        kind=d["kind"], act=d["act"], actor=d["actor"], role=d.get("role", ""), agency=d.get("agency", ""),
        observed_at=_when(d["observed_at"]), decided_at=_when(d["decided_at"]), before=d["before"], after=d["after"],
        closes=d.get("closes", False), cause=d.get("cause", ""), unit=d.get("unit", ""), parent=d.get("parent", ""),
        sets=read_values(d.get("sets", {}), procedure), values=d.get("values", {}),
        evidence=tuple(_read_piece(p) for p in d.get("evidence", ())), checks=frozenset(d.get("checks", ())),
        present=frozenset(d.get("present", ())), officers=tuple(d.get("officers", ())),
        arms=tuple(read_armed(a) for a in d.get("arms", ())), stops=tuple(_read_stop(s) for s in d.get("stops", ())),
        tasks=tuple(_read_task(t) for t in d.get("tasks", ())),
        children=tuple(ChildRef(slot, id_, state, closed) for slot, id_, state, closed in d.get("children", ())),
        relations=tuple((kind, id_) for kind, id_ in d.get("relations", ())),
        papers=tuple(procedure.paper(p) for p in d.get("papers", ())), signed=d.get("signed", ""),
        notices=tuple(notices[n] for n in d.get("notices", ()) if n in notices),
        sends=tuple(sends[channel, what] for channel, what in d.get("sends", ()) if (channel, what) in sends),
        counts=tuple((code, amount) for code, amount in d.get("counts", ())), holder=d.get("holder", ""),
        suspends=d.get("suspends"), late=d.get("late", False), basis=d.get("basis", ""),
    )  # fmt: skip


def _piece_data(p: Piece) -> Data:
    data: Data = {"set": p.set, "sha256": p.sha256, "kind": p.kind}
    for name in ("taken_at", "until"):
        if (at := getattr(p, name)) is not None:
            data[name] = moment(at)
    data.update({name: True for name in ("panorama", "plate_legible", "located") if getattr(p, name)})
    return data


def _read_piece(d: Data) -> Piece:
    return Piece(
        set=d["set"], sha256=d["sha256"], kind=d["kind"], taken_at=_at(d.get("taken_at")), until=_at(d.get("until")),
        panorama=d.get("panorama", False), plate_legible=d.get("plate_legible", False), located=d.get("located", False),
    )  # fmt: skip


def _stop_data(s: Stop) -> list[object]:
    return [s.key, s.occurrence, s.status, str(s.remaining) if s.remaining is not None else None]


def _read_stop(d: list[Any]) -> Stop:
    key, occurrence, status, left = d
    return Stop(key, occurrence, status, Span.parse(left) if left else None)
