"""A matter after an entry. Folding all entries of a journal over :func:`blank` gives the matter again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from guangyue.kernel.command import Piece
from guangyue.kernel.decision import Decision, Entry
from guangyue.kernel.matter import Armed, ChildRef, Matter, Passage, Shots, TaskState


def blank(entry: Entry) -> Matter:
    """The matter before its first entry."""
    return Matter(id=entry.matter, procedure=entry.procedure, version=entry.version)


def evolve(matter: Matter, entry: Entry) -> Matter:
    """The matter after the entry."""
    if matter.id != entry.matter or entry.seq != matter.seq + 1:
        raise ValueError(f"entry {entry.matter}#{entry.seq} does not follow {matter.id}#{matter.seq}")
    passages = matter.passages
    if entry.kind == "reinstated":
        passages = _reinstated(passages, entry.after)
    elif entry.after != entry.before:
        by = f"lapse:{entry.act}" if entry.kind == "lapse" else f"act:{entry.act}"
        passages = (*passages, Passage(entry.after, entry.observed_at, by))
    doers = matter.doers
    if entry.kind == "act":
        doers = {**doers, entry.act: (*doers.get(entry.act, ()), entry.actor)}
    return Matter(
        id=matter.id,
        procedure=matter.procedure,
        version=entry.version,
        state=entry.after,
        closed=entry.closes,
        suspended=matter.suspended if entry.suspends is None else entry.suspends,
        seq=entry.seq,
        holder=entry.holder or matter.holder,
        parent=entry.parent or matter.parent,
        fields={**matter.fields, **entry.sets} if entry.sets else matter.fields,
        deadlines=_deadlines(matter, entry) if entry.arms or entry.stops else matter.deadlines,
        passages=passages,
        doers=doers,
        checks=matter.checks | entry.checks if entry.checks else matter.checks,
        papers=_papers(matter, entry) if entry.papers or entry.signed else matter.papers,
        shots=_shots(matter, entry.evidence) if entry.evidence else matter.shots,
        tasks=_tasks(matter, entry.tasks) if entry.tasks else matter.tasks,
        children=_children(matter, entry) if entry.children else matter.children,
        relations=(*matter.relations, *entry.relations) if entry.relations else matter.relations,
    )


def after(decision: Decision, matters: Iterable[Matter] = ()) -> dict[str, Matter]:
    """All matters that a decision touches, as they are after it; new ones begin blank."""
    found = {m.id: m for m in matters}
    for entry in decision.entries:
        found[entry.matter] = evolve(found.get(entry.matter) or blank(entry), entry)
    return found


def replay(entries: Iterable[Entry]) -> Matter:
    """The matter that a journal tells of.

    Raises:
        ValueError: on an empty journal, or one whose entries do not follow each other.
    """
    matter: Matter | None = None
    for entry in entries:
        matter = evolve(matter or blank(entry), entry)
    if matter is None:
        raise ValueError("an empty journal tells of no matter")
    return matter


def _reinstated(passages: tuple[Passage, ...], state: str) -> tuple[Passage, ...]:
    """The passages without the lapses that were undone: back to the last time the state was entered."""
    kept = list(passages)
    while kept and kept[-1].by.startswith("lapse:") and kept[-1].state != state:
        kept.pop()
    return tuple(kept)


def _deadlines(matter: Matter, entry: Entry) -> dict[str, Armed]:
    clocks = dict(matter.deadlines)
    for stop in entry.stops:
        clocks[stop.key] = replace(clocks[stop.key], status=stop.status, remaining=stop.remaining)
    for armed in entry.arms:
        clocks[armed.key] = armed
    return clocks


def _papers(matter: Matter, entry: Entry) -> dict[str, str]:
    papers = {**matter.papers, **{p.code: "issued" for p in entry.papers}}
    if entry.signed:
        papers[entry.signed] = "signed"
    return papers


def _shots(matter: Matter, pieces: tuple[Piece, ...]) -> dict[str, Shots]:
    shots = dict(matter.shots)
    for piece in pieces:
        if piece.taken_at is None:
            continue
        old = shots.get(piece.set)
        shots[piece.set] = (
            Shots(1, piece.taken_at, piece.taken_at)
            if old is None
            else Shots(old.number + 1, min(old.first, piece.taken_at), max(old.last, piece.taken_at))
        )
    return shots


def _tasks(matter: Matter, changed: tuple[TaskState, ...]) -> tuple[TaskState, ...]:
    fresh = {(t.code, t.number): t for t in changed}
    kept = [fresh.pop((t.code, t.number), t) for t in matter.tasks]
    return (*kept, *fresh.values())


def _children(matter: Matter, entry: Entry) -> tuple[ChildRef, ...]:
    fresh = {c.id: c for c in entry.children}
    kept = [fresh.pop(c.id, c) for c in matter.children]
    return (*kept, *fresh.values())
