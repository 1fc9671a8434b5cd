"""Matters as plain JSON data: what the records keep beside the journal and read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from guangyue.kernel.canonical import moment, plain
from guangyue.kernel.grammar.values import Field, parse
from guangyue.kernel.matter import Armed, ChildRef, Hop, Matter, Passage, Shots, TaskState
from guangyue.law import Span

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

Data = dict[str, Any]


def at_or_none(text: str | None) -> datetime | None:
    """A stored moment, or nothing."""
    return when(text) if text else None


def when(text: str) -> datetime:
    """A stored moment, in UTC."""
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
    if a.ended:
        data["ended"] = a.ended
    return data


def read_armed(d: Data) -> Armed:
    """A clock from its data."""
    return Armed(
        key=d["key"], occurrence=d["n"], rule=d["rule"], started_at=when(d["from"]), due_at=when(d["due"]),
        inclusive=d["inclusive"], provisional=d.get("provisional", False), calendar=d["calendar"], status=d["status"],
        remaining=Span.parse(d["remaining"]) if "remaining" in d else None,
        span=Span.parse(d["span"]) if "span" in d else None,
        granted=tuple(Span.parse(s) for s in d.get("granted", ())), ended=d.get("ended", 0),
    )  # fmt: skip


def task_data(t: TaskState) -> Data:
    """A task as plain data."""
    hops = [[h.unit, h.status, _moment(h.since), h.by, h.note, _moment(h.came)] for h in t.hops]
    return {"code": t.code, "number": t.number, "status": t.status, "hops": hops, "ended": t.ended}


def _moment(at: datetime | None) -> str | None:
    return moment(at) if at is not None else None


def read_task(d: Data) -> TaskState:
    """A task from its data."""
    hops = tuple(
        Hop(unit, status, at_or_none(since), by, note, at_or_none(came))
        for unit, status, since, by, note, came in d["hops"]
    )
    return TaskState(d["code"], d["number"], hops, d["status"], d["ended"])


def child_data(c: ChildRef) -> list[object]:
    """A sub-matter's reference as plain data."""
    return [c.slot, c.id, c.state, c.closed]


def read_child(d: list[Any]) -> ChildRef:
    """A sub-matter's reference from its data."""
    slot, id_, state, closed = d
    return ChildRef(slot, id_, state, closed)


def _shots_data(s: Shots) -> list[object]:
    return [s.number, moment(s.first), moment(s.last), [[moment(a), moment(b)] for a, b in s.covered]]


def _read_shots(d: list[Any]) -> Shots:
    number, first, last, covered = d
    return Shots(number, when(first), when(last), tuple((when(a), when(b)) for a, b in covered))


def matter_data(m: Matter) -> Data:
    """A matter as plain data; :func:`read_matter` with its procedure gives it back equal."""
    return {
        "id": m.id, "procedure": m.procedure, "version": m.version, "state": m.state, "closed": m.closed,
        "suspended": m.suspended, "seq": m.seq, "holder": m.holder, "parent": m.parent, "fields": plain(m.fields),
        "deadlines": {k: armed_data(a) for k, a in m.deadlines.items()},
        "passages": [[p.state, moment(p.at), p.by, p.seq] for p in m.passages],
        "done": dict(m.done), "doers": {k: list(v) for k, v in m.doers.items()}, "checks": sorted(m.checks),
        "papers": dict(m.papers), "shots": {k: _shots_data(s) for k, s in m.shots.items()},
        "tasks": [task_data(t) for t in m.tasks], "children": [child_data(c) for c in m.children],
        "relations": [list(r) for r in m.relations],
    }  # fmt: skip


def read_matter(d: Data, procedure: Procedure | None = None) -> Matter:
    """A matter from its data. With its procedure, moments and days among the fields become such again."""
    return Matter(
        id=d["id"], procedure=d["procedure"], version=d["version"], state=d["state"], closed=d["closed"],
        suspended=d["suspended"], seq=d["seq"], holder=d["holder"], parent=d["parent"],
        fields=read_values(d["fields"], procedure), deadlines={k: read_armed(a) for k, a in d["deadlines"].items()},
        passages=tuple(Passage(state, when(at), by, seq) for state, at, by, seq in d["passages"]),
        done=d["done"], doers={k: tuple(v) for k, v in d["doers"].items()}, checks=frozenset(d["checks"]),
        papers=d["papers"], shots={k: _read_shots(s) for k, s in d["shots"].items()},
        tasks=tuple(read_task(t) for t in d["tasks"]), children=tuple(read_child(c) for c in d["children"]),
        relations=tuple((kind, id_) for kind, id_ in d["relations"]),
    )  # fmt: skip


def read_values(values: Mapping[str, Any], procedure: Procedure | None, act: str = "") -> dict[str, object]:
    """Answers or fields as a procedure's own kinds: text of a moment becomes a moment, of a day a day.

    Args:
        values: what was stored.
        procedure: whose fields they are; nothing leaves them as they are.
        act: the act whose form asked for them, for answers that belong to the act alone.
    """
    if procedure is None:
        return dict(values)
    known: dict[str, Field] = dict(procedure.tables.fields)
    known |= {name: q.field for name, q in procedure.tables.forms.get(act, {}).items() if not q.sets}
    return {k: parse(known[k].kind, v) if k in known else v for k, v in values.items()}
