"""The graph of states: nothing unreachable, no dead end, no state that waits for one outside fact alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.actions import Outcome, State

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

INNER = frozenset({"clock", "kernel"})


def ways(p: Procedure) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each state: where it can go, and on whom that waits (a clock or a person counts as ``""``)."""
    goes: dict[str, set[str]] = {s.code: set() for s in p.states}
    waits: dict[str, set[str]] = {s.code: set() for s in p.states}
    for a in p.actions:
        outside = {w.code if w.kind == "system" and w.code not in INNER else "" for w in a.by}
        for before, target in a.moves.items():
            goes[before].add(target)
            waits[before] |= outside
    for d in p.deadlines:
        for before in d.during if d.lapses_to and d.mode == "lapse" else ():
            goes[before].add(d.lapses_to)
            waits[before].add("")
    return goes, waits


def faults(p: Procedure) -> Iterator[Fault]:
    """Unreachable states, dead ends, and states that wait for one outside fact alone."""
    outcomes = {s.code for s in p.states if isinstance(s, Outcome)}
    goes, waits = ways(p)
    reached = _reached([a.opens for a in p.actions if a.opens], goes)
    ends = _leading_to(outcomes, goes)
    for s in p.states:
        if s.code not in reached:
            yield Fault("state.unreachable", s.declared_at, f"nothing leads to “{s.code}”")
        if not isinstance(s, State):
            continue
        if s.code not in ends:
            yield Fault("state.dead_end", s.declared_at, f"no outcome can be reached from “{s.code}”")
        elif len(waits[s.code]) == 1 and "" not in waits[s.code]:
            fact = next(iter(waits[s.code]))
            yield Fault("state.one_fact", s.declared_at, f"“{s.code}” waits for “{fact}” alone; give it a deadline")


def _reached(front: list[str], goes: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    while front:
        here = front.pop()
        if here not in found:
            found.add(here)
            front.extend(goes[here])
    return found


def _leading_to(goals: set[str], goes: dict[str, set[str]]) -> set[str]:
    """The states from which a goal can be reached."""
    found = set(goals)
    grown = True
    while grown:
        more = {s for s, targets in goes.items() if s not in found and targets & found}
        found |= more
        grown = bool(more)
    return found
