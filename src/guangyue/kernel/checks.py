"""Faults of a declaration, found when it is declared: all of them, each with the line that caused it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar.actions import Action, Outcome, State
from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.conditions import FieldAtLeast, FieldIs, FieldSet, Happened
from guangyue.kernel.grammar.deadlines import Deadline, FromField, Term
from guangyue.kernel.grammar.requirements import ChildrenClosed, Done, Expired, Issued, Running, TaskDone
from guangyue.kernel.grammar.verbs import Annul, Extend, Merge, Reopen, Split, Suspend
from guangyue.law import BOOK, LawError, Text
from guangyue.law.override import override

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: a stable code, where, and what."""

    code: str
    at: str
    what: str

    @override
    def __str__(self) -> str:
        return f"{self.at or '(stored)'}: {self.code}: {self.what}"


class DeclarationError(ValueError):
    """A procedure that cannot be right; ``faults`` lists everything that is wrong with it."""

    def __init__(self, procedure: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"procedure {procedure}:\n" + "\n".join(f"  {f}" for f in self.faults))


def check(procedure: Procedure) -> None:
    """Raises a :class:`DeclarationError` with all faults, or returns."""
    faults = [*_names(procedure), *_words(procedure)]
    if not faults:  # what follows looks things up by name
        faults = [*_references(procedure), *_actions(procedure), *_clocks(procedure), *_graph(procedure)]
    if faults:
        raise DeclarationError(procedure.code, faults)


def elements(value: Any) -> Iterator[Element]:  # noqa: ANN401 - walks any declared value
    """Every element inside a declaration, outermost first."""
    if isinstance(value, Element):
        yield value
    if is_dataclass(value) and not isinstance(value, type):
        for f in fields(value):
            if f.init and f.name != "tables":
                yield from elements(getattr(value, f.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from elements(item)


def _names(p: Procedure) -> Iterator[Fault]:
    groups: tuple[tuple[str, tuple[Any, ...], str], ...] = (
        ("state", p.states, "code"), ("action", p.actions, "code"), ("deadline", p.deadlines, "key"),
        ("field", p.fields, "name"), ("task", p.tasks, "code"), ("child", p.children, "slot"),
        ("relation", p.relations, "kind"), ("schedule", p.schedules, "code"), ("figure", p.figures, "code"),
    )  # fmt: skip
    for kind, group, attribute in groups:
        counted = Counter(getattr(e, attribute) for e in group)
        for element in group:
            name = getattr(element, attribute)
            if counted[name] > 1:
                yield Fault("name.twice", element.declared_at, f"{kind} “{name}” is declared {counted[name]} times")
            if not name or name != name.strip() or ":" in name or "#" in name:
                yield Fault("name.bad", element.declared_at, f"“{name}” cannot be the name of a {kind}")
    if not any(a.opens for a in p.actions):
        yield Fault("action.no_opening", p.declared_at, "no action opens a matter")


def _words(p: Procedure) -> Iterator[Fault]:
    for element in elements(p):
        for f in fields(element):
            value = getattr(element, f.name, None)
            if not isinstance(value, Text):
                continue
            if not value.zh.strip() or not value.en.strip():
                yield Fault("text.missing", element.declared_at, f"{type(element).__name__}.{f.name} lacks a language")
            elif not any("\u4e00" <= c <= "\u9fff" for c in value.zh):
                yield Fault("text.missing", element.declared_at, f"{type(element).__name__}.{f.name} has no Chinese")


def _references(p: Procedure) -> Iterator[Fault]:  # noqa: PLR0912 - one line per kind of reference
    known: dict[str, set[str]] = {
        "state": {s.code for s in p.states}, "act": {a.code for a in p.actions}, "deadline": {d.key for d in p.deadlines},
        "field": {f.name for f in p.fields}, "task": {t.code for t in p.tasks}, "child": {c.slot for c in p.children},
        "relation": {r.kind for r in p.relations}, "paper": {d.code for a in p.actions for d in a.documents},
    }  # fmt: skip
    answers = {q.name for a in p.actions for q in a.form} | known["field"] | {"reason", "unit"}
    wanted: list[tuple[str, str, Element]] = []
    for e in elements(p):
        if isinstance(e, Action):
            wanted += [("state", s, e) for s in (*e.moves, *e.moves.values(), *e.during, *e.from_outcome)]
            wanted += [("state", e.opens, e)] if e.opens else []
            wanted += [("act", a, e) for a in e.unless_same_person_as]
            wanted += [("task", t, e) for t in e.tasks] + [("child", c, e) for c in e.children]
            wanted += [("relation", r, e) for r in (e.relates, *(f.relation for f in e.fans_out)) if r]
            wanted += [("paper", e.signs, e)] if e.signs else []
            wanted += [("field", q.field, e) for q in e.form if isinstance(q.field, str)]
        elif isinstance(e, Deadline):
            wanted += [("state", s, e) for s in (*e.during, e.lapses_to) if s]
            wanted += [("act", a, e) for a in (*e.starts_on, *e.stops_on, e.does) if a]
        elif isinstance(e, FromField):
            wanted.append(("answer", e.name, e))
        elif isinstance(e, Done | Happened):
            wanted.append(("act", e.act, e))
        elif isinstance(e, Expired | Running):
            wanted.append(("deadline", e.deadline, e))
        elif isinstance(e, Issued):
            wanted.append(("paper", e.paper, e))
        elif isinstance(e, TaskDone):
            wanted.append(("task", e.task, e))
        elif isinstance(e, ChildrenClosed):
            wanted.append(("child", e.slot, e))
        elif isinstance(e, FieldIs | FieldAtLeast | FieldSet):
            wanted.append(("answer", e.name, e))
        elif isinstance(e, Extend):
            wanted.append(("deadline", e.deadline, e))
        elif isinstance(e, Suspend):
            wanted += [("deadline", d, e) for d in e.deadlines]
        elif isinstance(e, Merge):
            wanted.append(("relation", e.relation, e))
        elif isinstance(e, Split):
            wanted.append(("child", e.child, e))
    for task in p.tasks:
        wanted += [("act", task.then, task)] if task.then else []
    for child in p.children:
        wanted += [("act", child.then, child)] if child.then else []
    for schedule in p.schedules:
        wanted += [("act", schedule.does, schedule), *(("state", s, schedule) for s in schedule.during)]
    known["answer"] = answers
    for kind, name, element in wanted:
        if name not in known[kind]:
            yield Fault(
                f"unknown.{kind}", element.declared_at, f"{type(element).__name__} names “{name}”, which is no {kind}"
            )
    for action in p.actions:
        given = known["field"] | {q.name for q in action.form} | {"reason", "unit"}
        for paper in action.documents:
            for name in paper.needs:
                if name not in given:
                    yield Fault(
                        "unknown.answer", paper.declared_at, f"{paper.code} needs “{name}”, which nothing provides"
                    )


def _actions(p: Procedure) -> Iterator[Fault]:
    outcomes = {s.code for s in p.states if isinstance(s, Outcome)}
    for a in p.actions:
        ways = [bool(a.opens), bool(a.moves), a.repeat]
        if sum(ways) != 1:
            yield Fault("action.way", a.declared_at, f"“{a.code}” must open, move or repeat: exactly one of the three")
        if not a.by:
            yield Fault("action.nobody", a.declared_at, f"nobody may do “{a.code}”")
        leaving = {s for s in a.moves if s in outcomes}
        if leaving != set(a.from_outcome) and not a.repeat:
            yield Fault("action.outcome", a.declared_at, f"“{a.code}” leaves an outcome; name it in from_outcome")
        if isinstance(a.verb, Reopen | Annul) and not a.from_outcome:
            yield Fault("action.verb", a.declared_at, f"“{a.code}” must leave an outcome")
        if isinstance(a.verb, Merge) and not all(t in outcomes for t in a.moves.values()):
            yield Fault("action.verb", a.declared_at, f"“{a.code}” must end in an outcome")
    by_system = {a.code: {w.code for w in a.by if w.kind == "system"} for a in p.actions}
    for d in p.deadlines:
        if d.does and "clock" not in by_system[d.does]:
            yield Fault("action.not_for_clock", d.declared_at, f"“{d.does}” must be by CLOCK")
    for schedule in p.schedules:
        if "clock" not in by_system[schedule.does]:
            yield Fault("action.not_for_clock", schedule.declared_at, f"“{schedule.does}” must be by CLOCK")
    following = [(t.then, t.declared_at) for t in p.tasks] + [(c.then, c.declared_at) for c in p.children]
    for then, at in following:
        if then and "kernel" not in by_system[then]:
            yield Fault("action.not_for_kernel", at, f"“{then}” must be by KERNEL_ITSELF")


def _clocks(p: Procedure) -> Iterator[Fault]:
    for element in elements(p):
        if isinstance(element, Term):
            try:
                BOOK.versions(element.code)
            except LawError as error:
                yield Fault("deadline.no_law", element.declared_at, str(error))
    outcomes = {s.code for s in p.states if isinstance(s, Outcome)}
    for d in p.deadlines:
        if d.mode == "lapse" and not (d.lapses_to or d.does):
            yield Fault("deadline.no_consequence", d.declared_at, f"“{d.key}” lapses without consequence")
        if d.mode == "alarm" and not (d.tells or d.notices):
            yield Fault("deadline.no_consequence", d.declared_at, f"“{d.key}” alarms nobody")
        if not d.during:
            yield Fault("deadline.never", d.declared_at, f"“{d.key}” runs in no state")
        if d.repeats and d.lapses_to and d.lapses_to not in d.during:
            yield Fault("deadline.never", d.declared_at, f"“{d.key}” repeats but leaves its own states")
        if d.late == "drop" and d.drop_after is None:
            yield Fault("deadline.late", d.declared_at, f"“{d.key}” may be dropped; say after how long")
        if d.mode == "lapse" and d.lapses_to and set(d.during) & outcomes and d.lapses_to not in outcomes:
            yield Fault("deadline.outcome", d.declared_at, f"“{d.key}” would reopen an outcome by itself")


def _ways(p: Procedure) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each state: where it can go, and on whom that waits (a clock or a person counts as ``""``)."""
    ways: dict[str, set[str]] = {s.code: set() for s in p.states}
    waits: dict[str, set[str]] = {s.code: set() for s in p.states}
    for a in p.actions:
        outside = {w.code if w.kind == "system" and w.code not in {"clock", "kernel"} else "" for w in a.by}
        for before, target in a.moves.items():
            ways[before].add(target)
            waits[before] |= outside
    for d in p.deadlines:
        for before in d.during if d.lapses_to and d.mode == "lapse" else ():
            ways[before].add(d.lapses_to)
            waits[before].add("")
    return ways, waits


def _graph(p: Procedure) -> Iterator[Fault]:
    """Unreachable states, dead ends, and states that wait for one outside fact alone."""
    outcomes = {s.code for s in p.states if isinstance(s, Outcome)}
    ways, waits = _ways(p)
    reached: set[str] = set()
    front = [a.opens for a in p.actions if a.opens]
    while front:
        here = front.pop()
        if here not in reached:
            reached.add(here)
            front.extend(ways[here])
    ends = _leading_to(outcomes, ways)
    for s in p.states:
        if s.code not in reached:
            yield Fault("state.unreachable", s.declared_at, f"nothing leads to “{s.code}”")
        if isinstance(s, State) and s.code not in ends:
            yield Fault("state.dead_end", s.declared_at, f"no outcome can be reached from “{s.code}”")
        elif isinstance(s, State) and len(waits[s.code]) == 1 and "" not in waits[s.code]:
            fact = next(iter(waits[s.code]))
            yield Fault("state.one_fact", s.declared_at, f"“{s.code}” waits for “{fact}” alone; give it a deadline")


def _leading_to(goals: set[str], ways: dict[str, set[str]]) -> set[str]:
    """The states from which a goal can be reached."""
    found = set(goals)
    grown = True
    while grown:
        more = {s for s, targets in ways.items() if s not in found and targets & found}
        found |= more
        grown = bool(more)
    return found
