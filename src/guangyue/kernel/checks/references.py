"""References: whatever an element names is declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.actions import Action, Outcome
from guangyue.kernel.grammar.conditions import (
    DoneByActor,
    FieldAtLeast,
    FieldIs,
    FieldNotAbove,
    FieldSet,
    Happened,
    TermOver,
)
from guangyue.kernel.grammar.deadlines import Deadline, FromField
from guangyue.kernel.grammar.evidence import PhotoSet, Recording
from guangyue.kernel.grammar.figures import Count
from guangyue.kernel.grammar.lawful import Competent, Priors, WithinBand
from guangyue.kernel.grammar.papers import Send
from guangyue.kernel.grammar.requirements import ChildrenClosed, Done, Expired, Issued, Related, Running, TaskDone
from guangyue.kernel.grammar.verbs import Extend, Merge, Resume, Split, Suspend
from guangyue.kernel.grammar.who import Who
from guangyue.kernel.tables import VERB_ANSWERS, elements
from guangyue.law import BOOK
from guangyue.law.competence.actions import Action as Power
from guangyue.law.competence.actions import Fact
from guangyue.law.competence.bands import Step

if TYPE_CHECKING:
    from guangyue.kernel.grammar.base import Element
    from guangyue.kernel.procedure import Procedure

Wanted = Iterator[tuple[str, str]]


def faults(p: Procedure) -> Iterator[Fault]:
    """Names that nothing declares."""
    clocks = {d.key for d in p.deadlines} | {f"schedule:{s.code}" for s in p.schedules}
    asked = {q.name for a in p.actions for q in a.form} | VERB_ANSWERS
    fields = {f.name for f in p.fields}
    states, acts = {s.code for s in p.states}, {a.code for a in p.actions}
    known = {
        "state": states, "act": acts, "deadline": clocks, "field": fields, "answer": fields | asked,
        "outcome": {s.code for s in p.states if isinstance(s, Outcome)},
        "task": {t.code for t in p.tasks}, "child": {c.slot for c in p.children},
        "relation": {r.kind for r in p.relations}, "paper": {d.code for a in p.actions for d in a.documents},
        "evidence": {e.code for a in p.actions for e in a.evidence},
        "term": set(BOOK.codes()),
        "power": {a.value for a in Power}, "circumstance": {f.value for f in Fact}, "step": {s.value for s in Step},
        "event": acts | {f"lapse:{k}" for k in clocks} | {f"enters:{s}" for s in states},
    }  # fmt: skip
    for element in elements(p):
        if isinstance(element, Who) and element.unknown is not None:
            kind, name = element.unknown
            yield Fault(f"unknown.{kind}", element.declared_at, f"no table knows the {kind} “{name}”")
        for kind, name in _named(element):
            if name and name not in known[kind]:
                what = f"{type(element).__name__} names “{name}”, which is no {kind}"
                yield Fault(f"unknown.{kind}", element.declared_at, what)
    yield from _own(p, known)
    for action in p.actions:
        yield from _offered(p, action)
        given = fields | {q.name for q in action.form} | VERB_ANSWERS
        for paper in action.documents:
            for name in paper.needs:
                if name not in given:
                    what = f"{paper.code} needs “{name}”, which nothing provides"
                    yield Fault("unknown.answer", paper.declared_at, what)


def _offered(p: Procedure, action: Action) -> Iterator[Fault]:
    """Choices that an act offers and its field does not have."""
    declared = {f.name: f for f in p.fields}
    for ask in action.form:
        field = declared.get(ask.field) if isinstance(ask.field, str) else ask.field
        for code in sorted(set(ask.among) - {c for c, _ in field.choices}) if field else ():
            yield Fault(
                "unknown.choice", ask.declared_at, f"“{action.code}” offers “{code}”, no choice of “{ask.name}”"
            )


def _own(p: Procedure, known: dict[str, set[str]]) -> Iterator[Fault]:
    """What the procedure's own lists name."""
    wanted: list[tuple[str, str, Element]] = [("act", task.then, task) for task in p.tasks]
    wanted += [("act", then.act, then) for child in p.children for then in child.then]
    for schedule in p.schedules:
        wanted += [("act", schedule.does, schedule), *(("state", s, schedule) for s in schedule.during)]
    for succeeds in p.succeeds:
        wanted += [("state", s, succeeds) for s in succeeds.states.values()]
    for kind, name, element in wanted:
        if name and name not in known[kind]:
            what = f"{type(element).__name__} names “{name}”, which is no {kind}"
            yield Fault(f"unknown.{kind}", element.declared_at, what)


def _named(e: Element) -> Wanted:  # noqa: PLR0912, PLR0915 - one line per kind of element
    if isinstance(e, Action):
        yield from (("state", s) for s in (e.opens, *e.moves, *e.moves.values(), *e.during, *e.from_outcome))
        yield from (("act", a) for a in e.unless_same_person_as)
        yield from (("task", t) for t in (*e.tasks, *e.calls_back))
        yield from (("child", c) for c in e.children)
        yield from (("relation", r) for r in (e.relates, e.unrelates, *(f.relation for f in e.fans_out)))
        yield from (("field", q.field) for q in e.form if isinstance(q.field, str))
        yield ("paper", e.signs)
    elif isinstance(e, Deadline):
        yield from (("state", s) for s in (*e.during, e.lapses_to))
        yield from (("act", a) for a in (*e.starts_on, *e.stops_on, e.does))
    elif isinstance(e, FromField | FieldIs | FieldAtLeast | FieldSet):
        yield ("answer", e.name)
    elif isinstance(e, FieldNotAbove):
        yield from (("answer", name) for name in (e.name, e.other))
    elif isinstance(e, Done | Happened):
        yield ("act", e.act)
    elif isinstance(e, DoneByActor):
        yield from (("act", a) for a in e.acts)
    elif isinstance(e, Competent):
        yield ("power", e.power)
        yield from (("answer", name) for name in (e.offence, e.place, e.fine, e.organisation))
        yield from (("circumstance", name) for name in e.given)
    elif isinstance(e, WithinBand):
        yield from (("answer", name) for name in (e.amount, e.offence))
        yield from (("act", a) for a in e.steps)
        yield from (("step", s) for s in e.steps.values())
    elif isinstance(e, Expired | Running | Extend | TermOver):
        yield ("deadline", e.deadline)
    elif isinstance(e, Issued):
        yield ("paper", e.paper)
    elif isinstance(e, TaskDone):
        yield ("task", e.task)
    elif isinstance(e, ChildrenClosed):
        yield ("child", e.slot)
    elif isinstance(e, Suspend | Resume):
        yield from (("deadline", d) for d in e.deadlines)
    elif isinstance(e, Related):
        yield ("relation", e.kind)
    elif isinstance(e, Merge):
        yield ("relation", e.relation)
    elif isinstance(e, Split):
        yield ("child", e.child)
    elif isinstance(e, Priors):
        named = {"outcome": e.outcomes, "field": e.shows, "term": (e.look_back,)}
        yield from ((kind, name) for kind, names in named.items() for name in names)
    elif isinstance(e, PhotoSet):
        yield from (("evidence", code) for code in e.together_with)
    elif isinstance(e, Recording):
        yield ("state", e.since)
    elif isinstance(e, Send):
        yield from (("answer", name) for name in e.fields)
    elif isinstance(e, Count):
        yield ("event", e.of)
        yield ("answer", e.sums)
