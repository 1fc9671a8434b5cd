"""A matter after an entry. Folding all entries of a journal over :func:`blank` gives the matter again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from guangyue.kernel.command import Piece
from guangyue.kernel.decision import Entry
from guangyue.kernel.matter import Armed, ChildRef, Matter, Passage, Shots, TaskState

V = TypeVar("V")
Stretch = tuple[datetime, datetime]
RUNNING = frozenset({"pending", "reference"})
PROPOSAL = "version.propose"


def blank(entry: Entry) -> Matter:
    """The matter before its first entry."""
    return Matter(id=entry.matter, procedure=entry.procedure, version=entry.version)


def evolve(matter: Matter, entry: Entry) -> Matter:
    """The matter after the entry.

    Raises:
        ValueError: for an entry of another matter, or one that does not follow the last.
    """
    if matter.id != entry.matter or entry.seq != matter.seq + 1:
        raise ValueError(f"entry {entry.matter}#{entry.seq} does not follow {matter.id}#{matter.seq}")
    acted = entry.kind == "act"
    done = {**matter.done, entry.act: matter.done.get(entry.act, 0) + 1} if acted else matter.done
    doers = _doers(matter.doers, entry) if acted else matter.doers
    if entry.kind == "version":
        done, doers = _unproposed(done), _unproposed(doers)
    return Matter(  # in the order of its fields; by position it is twice as quick
        matter.id,
        matter.procedure,
        entry.version,
        entry.after,
        entry.closes,
        matter.suspended if entry.suspends is None else entry.suspends,
        entry.seq,
        entry.holder or matter.holder,
        entry.parent or matter.parent,
        {**matter.fields, **entry.sets} if entry.sets else matter.fields,
        _deadlines(matter, entry) if entry.arms or entry.stops else matter.deadlines,
        _passages(matter, entry) if entry.after != entry.before else matter.passages,
        done,
        doers,
        matter.checks | entry.checks if entry.checks else matter.checks,
        _papers(matter, entry) if entry.papers or entry.signed else matter.papers,
        _shots(matter, entry.evidence) if entry.evidence else matter.shots,
        _tasks(matter, entry) if entry.tasks else matter.tasks,
        _children(matter, entry) if entry.children else matter.children,
        _relations(matter, entry) if entry.relations or entry.unties else matter.relations,
    )


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


def _unproposed(values: Mapping[str, V]) -> Mapping[str, V]:
    """Proposals to change the version are spent once one is carried out."""
    return {k: v for k, v in values.items() if not k.startswith(PROPOSAL)}


def _doers(doers: Mapping[str, tuple[str, ...]], entry: Entry) -> Mapping[str, tuple[str, ...]]:
    """Everyone who had a hand in an act, each once."""
    known = doers.get(entry.act, ())
    if not entry.officers and entry.actor in known:
        return doers
    if entry.officers:
        return {**doers, entry.act: tuple(dict.fromkeys((*known, entry.actor, *entry.officers)))}
    return {**doers, entry.act: (*known, entry.actor)}


def _passages(matter: Matter, entry: Entry) -> tuple[Passage, ...]:
    """Changes of state; a reinstatement takes the lapses it undoes out again."""
    if entry.kind == "reinstated":
        undone = sum(s.status == "pending" and matter.deadlines[s.key].status == "fired" for s in entry.stops)
        return matter.passages[: len(matter.passages) - undone]
    by = f"{entry.kind}:{entry.act}"
    if entry.kind == "lapse":
        by += f"#{entry.stops[0].occurrence}"
    return (*matter.passages, Passage(entry.after, entry.observed_at, by, entry.seq))


def _deadlines(matter: Matter, entry: Entry) -> dict[str, Armed]:
    clocks = dict(matter.deadlines)
    for stop in entry.stops:
        ended = 0 if stop.status in RUNNING else entry.seq
        clocks[stop.key] = clocks[stop.key].turned(stop.status, stop.remaining, ended)
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
        at = piece.taken_at
        if at is None:
            continue
        old = shots.get(piece.set) or Shots(0, at, at)
        covered = merged((*old.covered, (at, piece.until))) if piece.until is not None else old.covered
        shots[piece.set] = Shots(old.number + 1, min(old.first, at), max(old.last, piece.until or at), covered)
    return shots


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches of time in order, those that touch or overlap made one."""
    found: list[Stretch] = []
    for began, ended in sorted(stretches):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return tuple(found)


def _tasks(matter: Matter, entry: Entry) -> tuple[TaskState, ...]:
    fresh = {(t.code, t.number): replace(t, ended=0 if t.status == "open" else entry.seq) for t in entry.tasks}
    kept = [fresh.pop((t.code, t.number), t) for t in matter.tasks]
    return (*kept, *fresh.values())


def _children(matter: Matter, entry: Entry) -> tuple[ChildRef, ...]:
    fresh = {c.id: c for c in entry.children}
    kept = [fresh.pop(c.id, c) for c in matter.children]
    return (*kept, *fresh.values())


def _relations(matter: Matter, entry: Entry) -> tuple[tuple[str, str], ...]:
    return tuple(r for r in dict.fromkeys((*matter.relations, *entry.relations)) if r not in entry.unties)
