"""Actions: each goes one way, somebody may do it, and what only machines do asks nothing that machines cannot bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.actions import Action, Outcome
from guangyue.kernel.grammar.deadlines import Deadline, Schedule
from guangyue.kernel.grammar.lawful import Competent
from guangyue.kernel.grammar.requirements import Checked, Present
from guangyue.kernel.grammar.verbs import Annul, Extend, Merge, Reopen, Resume, Suspend, Transfer, Withdraw
from guangyue.kernel.tables import NOWHERE, elements, reach, relation_of, slots
from guangyue.law.competence.matrix import POWERS

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

HOLDERS: dict[str, set[str]] = {}
"""For each power of the law the roles that hold it, under whatever conditions."""
for _power in POWERS:
    for _action in _power.actions:
        HOLDERS.setdefault(_action.value, set()).add(_power.role.value)


def faults(p: Procedure) -> Iterator[Fault]:
    """Faults of actions one by one, of acts done by machines, and of things declared that no act uses."""
    outcomes = {s.code for s in p.states if isinstance(s, Outcome)}
    for a in p.actions:
        yield from _one(a, outcomes)
    yield from _machines(p)
    yield from _unused(p)


def _one(a: Action, outcomes: set[str]) -> Iterator[Fault]:
    at = a.declared_at
    if sum((bool(a.opens), bool(a.moves), a.repeat)) != 1:
        yield Fault("action.way", at, f"“{a.code}” must open, move or repeat: exactly one of the three")
    if a.during and not a.repeat:
        yield Fault("action.way", at, f"“{a.code}” names states in during, but does not repeat")
    if not a.by:
        yield Fault("action.nobody", at, f"nobody may do “{a.code}”")
    staff = {w.code for w in a.by if w.kind == "role"}
    for competent in a.requires:
        if isinstance(competent, Competent) and not staff & HOLDERS.get(competent.power, set()):
            what = f"the law gives “{competent.power}” to none of those who may do “{a.code}”"
            yield Fault("action.nobody", competent.declared_at, what)
    if a.officers < 1:
        yield Fault("action.nobody", at, f"“{a.code}” is done by {a.officers} officers")
    if {s for s in a.moves if s in outcomes} != set(a.from_outcome):
        yield Fault("action.outcome", at, f"“{a.code}” leaves an outcome; name exactly those in from_outcome")
    if isinstance(a.verb, Reopen | Annul) and not a.from_outcome:
        yield Fault("action.verb", at, f"“{a.code}” must leave an outcome")
    if isinstance(a.verb, Merge | Withdraw) and (not a.moves or not outcomes.issuperset(a.moves.values())):
        yield Fault("action.verb", at, f"“{a.code}” must end in an outcome")
    if isinstance(a.verb, Extend | Suspend | Resume | Transfer) and not a.repeat:
        yield Fault("action.verb", at, f"“{a.code}” works on clocks or the holder, not on the state: let it repeat")
    if a.while_suspended and a.moves and not outcomes.issuperset(a.moves.values()):
        yield Fault("action.suspended", at, f"“{a.code}” may only end a matter that is suspended, or change no state")


def _machines(p: Procedure) -> Iterator[Fault]:
    """Acts of the clock and of the kernel itself."""
    acts = {a.code: a for a in p.actions}
    states = {s.code: s for s in p.states}
    outcomes = frozenset(s.code for s in p.states if isinstance(s, Outcome))
    clocked: list[tuple[Deadline | Schedule, str, tuple[str, ...], str]]
    clocked = [(d, d.does, d.during, d.lapses_to) for d in p.deadlines if d.does]
    clocked += [(s, s.does, s.during, "") for s in p.schedules]
    for element, code, during, lapses_to in clocked:
        action = acts[code]
        yield from _unmanned(action, "clock", "CLOCK", element.declared_at)
        goes = reach(action, states, outcomes)
        for state in during:
            if (lapses_to or state) not in goes:
                what = f"in “{lapses_to or state}” the clock could not do “{code}”"
                yield Fault("deadline.cannot", element.declared_at, what)
        if action.requires:
            yield Fault("action.not_for_clock", action.declared_at, f"“{code}” has requirements; the clock cannot wait")
    following = [(t.then, t.declared_at) for t in p.tasks]
    following += [(then.act, then.declared_at) for c in p.children for then in c.then]
    for code, at in following:
        if code:
            yield from _unmanned(acts[code], "kernel", "KERNEL_ITSELF", at)


def _unmanned(action: Action, system: str, name: str, at: str) -> Iterator[Fault]:
    fault = f"action.not_for_{system}"
    if all(w.code != system or w.kind != "system" for w in action.by):
        yield Fault(fault, at, f"“{action.code}” must be by {name}")
    if action.opens:
        yield Fault(fault, at, f"“{action.code}” opens a matter")
    asks = any(q.required for q in action.form) or action.verb is not None
    brings = action.evidence or action.tasks or slots(action) or relation_of(action) or action.unrelates
    if asks or brings or action.officers > 1:
        yield Fault(fault, action.declared_at, f"“{action.code}” asks for what only people can bring")
    if any(isinstance(e, Checked | Present) for e in elements(action.requires)):
        yield Fault(fault, action.declared_at, f"“{action.code}” asks for what only people can tick")


def _unused(p: Procedure) -> Iterator[Fault]:
    """Tasks, slots and relations that no act opens."""
    used = {
        "task": {t for a in p.actions for t in a.tasks},
        "child": {s for a in p.actions for s in slots(a)},
        "relation": {relation_of(a) for a in p.actions},
    }
    declared = [("task", t.code, t) for t in p.tasks] + [("child", c.slot, c) for c in p.children]
    for kind, name, element in [*declared, *(("relation", r.kind, r) for r in p.relations)]:
        if name not in used[kind]:
            yield Fault("unused", element.declared_at, f"no act uses the {kind} “{name}”")
    if any(NOWHERE in a.moves for a in p.actions):
        yield Fault("action.way", p.declared_at, "an act moves from nowhere; let it open")
