"""Total tables, built once when a procedure is declared: for every action and state, the step or nothing.

Nothing is searched at run time: which clocks a step stops and starts, which figures it counts, which questions its form
asks are all worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any

from guangyue.kernel.grammar.actions import Action, Outcome, State
from guangyue.kernel.grammar.base import Element, T
from guangyue.kernel.grammar.deadlines import Deadline, FromField, Schedule, Term
from guangyue.kernel.grammar.figures import Count
from guangyue.kernel.grammar.papers import Paper
from guangyue.kernel.grammar.requirements import Checked, Present
from guangyue.kernel.grammar.values import REASON, Ask, Field, Kind
from guangyue.kernel.grammar.verbs import Merge, Split, Transfer
from guangyue.kernel.grammar.work import Child, Relation, Task

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

NOWHERE = ""
"""The state of a matter that does not exist yet."""

UNIT = Ask(Field("unit", Kind.UNIT, T("接收单位", "Receiving unit")))


VERB_ANSWERS = frozenset({REASON.name, UNIT.name})
"""What acts with a generic verb ask beyond their own form."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one action does in one state.

    Attributes:
        action: the action's code, or ``lapse:<key>``.
        before, after: the states; equal for acts that repeat.
        closes: the state after is an outcome.
        stops: keys of clocks that stop because their states are left; ``meets`` because the act fulfils them.
        starts: clocks that start.
        counts: figures to weigh.
    """

    action: str
    before: str
    after: str
    closes: bool
    stops: tuple[str, ...]
    meets: tuple[str, ...]
    starts: tuple[Deadline, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form with its field found: ``sets`` says whether the answer becomes a field of the matter."""

    ask: Ask
    field: Field
    sets: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything looked up by name, and the transition table."""

    states: Mapping[str, State | Outcome]
    outcomes: frozenset[str]
    actions: Mapping[str, Action]
    deadlines: Mapping[str, Deadline]
    schedules: frozenset[str]
    fields: Mapping[str, Field]
    tasks: Mapping[str, Task]
    children: Mapping[str, Child]
    relations: Mapping[str, Relation]
    papers: Mapping[str, Paper]
    steps: Mapping[str, Mapping[str, Step | None]]
    lapses: Mapping[str, Mapping[str, Step | None]]
    forms: Mapping[str, Mapping[str, Question]]
    setting: Mapping[str, frozenset[str]]
    hops: Mapping[str, Deadline]
    tying: frozenset[str]
    checks: frozenset[str]
    present: frozenset[str]
    personal: frozenset[str]


def rounds(schedule: Schedule) -> Deadline:
    """A schedule is a clock that repeats and performs an act."""
    return Deadline(
        key=f"schedule:{schedule.code}", title=schedule.title, term=schedule.every, during=schedule.during,
        does=schedule.does, repeats=True, late=schedule.late, drop_after=schedule.drop_after,
    )  # fmt: skip


def slots(action: Action) -> tuple[str, ...]:
    """The slots in which an act opens sub-matters."""
    return (*action.children, action.verb.child) if isinstance(action.verb, Split) else action.children


def relation_of(action: Action) -> str:
    """The relation an act adds to."""
    return action.verb.relation if isinstance(action.verb, Merge) else action.relates


def ties(action: Action) -> bool:
    """Whether an act reaches other matters."""
    return bool(slots(action) or relation_of(action) or action.unrelates or action.fans_out)


def _hop_clock(task: Task, term: Term | FromField) -> Deadline:
    """The clock of a task's hops alarms those who handle it."""
    return Deadline(
        key=f"task:{task.code}", title=task.title, term=term, during=("*",), mode="alarm", tells=(task.owner,)
    )


def elements(value: Any) -> Iterator[Element]:  # noqa: ANN401 - walks any declared value
    """Every element inside a declaration, outermost first; one that is used in several places comes once."""
    waiting, met = [value], set[int]()
    while waiting:
        one = waiting.pop()
        kind = type(one)
        known = _ANATOMY.get(kind)
        if known is None:
            known = _ANATOMY[kind] = _anatomy(kind)
        is_element, names, holds = known
        if is_element:
            if id(one) in met:
                continue
            met.add(id(one))
            yield one
        if names:
            waiting.extend([getattr(one, name) for name in names])
        elif holds is tuple:
            waiting.extend(reversed(one))
        elif holds is Mapping:
            waiting.extend(reversed(tuple(one.values())))


_ANATOMY: dict[type, tuple[bool, tuple[str, ...], Any]] = {}


def _anatomy(kind: type) -> tuple[bool, tuple[str, ...], Any]:
    """Whether a class is an element, its fields, last first, and what else it holds: asked for every declared value."""
    every: tuple[Any, ...] = fields_of(kind) if is_dataclass(kind) else ()
    names = [f.name for f in every if f.init]
    holds = tuple if issubclass(kind, tuple) else Mapping if issubclass(kind, Mapping) else None
    return issubclass(kind, Element), tuple(names[::-1]), holds


def reach(action: Action, states: Mapping[str, State | Outcome], outcomes: frozenset[str]) -> dict[str, str]:
    """From which states an action goes where, acts that change nothing included."""
    if action.opens:
        return {NOWHERE: action.opens}
    if action.repeat:
        return {s: s for s in (action.during or tuple(s for s in states if s not in outcomes))}
    return dict(action.moves)


def build(procedure: Procedure) -> Tables:
    """The tables of a checked procedure."""
    states = {s.code: s for s in procedure.states}
    outcomes = frozenset(s.code for s in procedure.states if isinstance(s, Outcome))
    actions = {a.code: a for a in procedure.actions}
    schedules = tuple(rounds(s) for s in procedure.schedules)
    deadlines = {d.key: d for d in (*procedure.deadlines, *schedules)}
    fields = {f.name: f for f in procedure.fields}
    everywhere = (NOWHERE, *states)
    inside = tuple(elements(procedure.actions))

    def step(code: str, before: str, after: str) -> Step:
        moved = before != after
        stops = tuple(k for k, d in deadlines.items() if before in d.during and after not in d.during)
        meets = tuple(k for k, d in deadlines.items() if code in d.stops_on and k not in stops)
        starts = tuple(
            d
            for d in deadlines.values()
            if after in d.during
            and (code in d.starts_on if d.starts_on else moved and (before not in d.during or _wakes(d, code)))
        )
        counts = tuple(c for c in procedure.figures if c.of == code or (moved and c.of == f"enters:{after}"))
        return Step(code, before, after, after in outcomes, stops, meets, starts, counts)

    steps: dict[str, dict[str, Step | None]] = {}
    for action in procedure.actions:
        goes = reach(action, states, outcomes)
        steps[action.code] = {s: step(action.code, s, goes[s]) if s in goes else None for s in everywhere}
    lapses: dict[str, dict[str, Step | None]] = {
        key: {
            s: step(f"lapse:{key}", s, (d.lapses_to if d.mode == "lapse" else "") or s) if s in d.during else None
            for s in everywhere
        }
        for key, d in deadlines.items()
    }
    forms = {a.code: _form(a, fields) for a in procedure.actions}
    return Tables(
        states=states,
        outcomes=outcomes,
        actions=actions,
        deadlines=deadlines,
        schedules=frozenset(d.key for d in schedules),
        fields=fields,
        tasks={t.code: t for t in procedure.tasks},
        children={c.slot: c for c in procedure.children},
        relations={r.kind: r for r in procedure.relations},
        papers={p.code: p for a in procedure.actions for p in a.documents},
        steps=steps,
        lapses=lapses,
        forms=forms,
        setting={code: frozenset(name for name, q in form.items() if q.sets) for code, form in forms.items()},
        hops={t.code: _hop_clock(t, t.term) for t in procedure.tasks if t.term is not None},
        tying=frozenset(a.code for a in procedure.actions if ties(a)),
        checks=frozenset(e.code for e in inside if isinstance(e, Checked)),
        present=frozenset(e.code for e in inside if isinstance(e, Present)),
        personal=frozenset(f.name for f in elements(procedure) if isinstance(f, Field) and f.personal),
    )


def _wakes(deadline: Deadline, code: str) -> bool:
    """A lapse that leads back into its own states starts the clock anew."""
    return code == f"lapse:{deadline.key}"


def _form(action: Action, fields: Mapping[str, Field]) -> dict[str, Question]:
    asks = list(action.form)
    if action.verb is not None and all(a.name != REASON.name for a in asks):
        asks.append(REASON)
    if isinstance(action.verb, Transfer) and all(a.name != UNIT.name for a in asks):
        asks.append(UNIT)
    return {
        a.name: Question(a, _offered(fields[a.field], a), sets=True)
        if isinstance(a.field, str)
        else Question(a, _offered(a.field, a), sets=False)
        for a in asks
    }


def _offered(field: Field, ask: Ask) -> Field:
    """The field with the choices that the act offers."""
    if not ask.among:
        return field
    return replace(field, choices=tuple(choice for choice in field.choices if choice[0] in ask.among))
