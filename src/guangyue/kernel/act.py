"""One act on one matter: judged, and turned into an entry with all that goes with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from guangyue.kernel import clocks, follow, reinstate, tasks
from guangyue.kernel.context import Context
from guangyue.kernel.decision import Entry
from guangyue.kernel.entries import calling_back, clock_changes, closing, counted
from guangyue.kernel.evolve import evolve
from guangyue.kernel.forms import papers
from guangyue.kernel.grammar.verbs import Extend, Resume, Suspend, Transfer
from guangyue.kernel.judge import against, capacity_of
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import NOWHERE, Step
from guangyue.law.swift import NOTHING

if TYPE_CHECKING:
    from guangyue.kernel.command import Actor, Command
    from guangyue.kernel.decision import Stop
    from guangyue.kernel.grammar.actions import Action
    from guangyue.kernel.grammar.papers import Paper
    from guangyue.kernel.grammar.who import Who
    from guangyue.kernel.matter import Armed, ChildRef, Matter, TaskState
    from guangyue.kernel.procedure import Procedure
    from guangyue.kernel.work import Work


class Draft:
    """What an entry will hold, and what speaks against it."""

    __slots__ = (
        "arms", "capacity", "children", "counts", "holder", "issued", "reasons", "relations", "step", "stops",
        "suspends", "tasks", "unties",
    )  # fmt: skip

    def __init__(self, reasons: list[Reason], capacity: Who | None, step: Step | None) -> None:
        self.reasons = reasons
        self.capacity = capacity
        self.step = step
        self.issued: tuple[Paper, ...] = ()
        self.arms: tuple[Armed, ...] = ()
        self.stops: tuple[Stop, ...] = ()
        self.tasks: tuple[TaskState, ...] = ()
        self.children: tuple[ChildRef, ...] = ()
        self.relations: tuple[tuple[str, str], ...] = ()
        self.unties: tuple[tuple[str, str], ...] = ()
        self.counts: tuple[tuple[str, int], ...] = ()
        self.holder = ""
        self.suspends: bool | None = None

    def end(self, ended: tuple[tuple[TaskState, ...], tuple[Stop, ...]]) -> None:
        """Ends tasks and their clocks."""
        self.tasks += ended[0]
        self.stops += ended[1]


def perform(
    work: Work,
    procedure: Procedure,
    matter: Matter,
    command: Command,
    actor: Actor,
    observed: datetime,
    cause: str = "",
) -> Matter | None:
    """Judges an act and adds its entry; on refusal the work holds the reasons."""
    action = procedure.tables.actions.get(command.act)
    if action is None:
        work.refuse([Reason("act.unknown", {"act": command.act})], matter, inner=bool(cause))
        return None
    context = Context(procedure, matter, command, work.facts, actor, observed)
    undone: Entry | None = None
    late: list[Reason] = []
    if matter.passages and observed <= matter.passages[-1].at:
        back = reinstate.overtaken(context) if not cause else None
        if back is not None:
            undone = reinstate.reinstatement(context, back)
            context = context.on(evolve(matter, undone))
        elif observed < matter.passages[-1].at and not action.repeat:
            late = _too_late(context, action)
    draft = _judged(work, context, action)
    draft.reasons += late
    if draft.reasons or draft.step is None:
        work.refuse(draft.reasons, matter, inner=bool(cause))
        return None
    if undone is not None:
        again = work.add(matter, undone)
        if matter.closed != again.closed:
            follow.tell_parent(work, again, command, undone)
    entry = _entry(context, action, draft, cause)
    after = work.add(context.matter, entry)
    if after.parent or action.code in procedure.tables.tying:
        follow.after_act(work, procedure, after, action, command, actor, entry)
    return after


def _too_late(context: Context, action: Action) -> list[Reason]:
    """A change of state cannot be observed before the state it starts from was entered."""
    procedure, matter, observed = context.procedure, context.matter, context.observed_at
    last = matter.passages[-1]
    if procedure.tables.steps[action.code][matter.state] is None:
        code = last.by.removeprefix("act:")
        if last.by.startswith("act:") and code in procedure.tables.actions:
            return [Reason("time.contradicted", {"act": procedure.action(code).title})]
        return []
    before = next((p.state for p in reversed(matter.passages) if p.at <= observed), None)
    if before is None:
        return []
    return [
        Reason(
            "time.before_state",
            {"observed": observed, "state": procedure.state(before).title, "act": action.title},
        )
    ]


def _judged(work: Work, context: Context, action: Action) -> Draft:
    """Everything that speaks against the act, and the parts of its entry."""
    procedure, matter = context.procedure, context.matter
    step = procedure.tables.steps[action.code].get(matter.state)
    capacity = capacity_of(context, action)
    draft = Draft(against(context, action, step, capacity), capacity, step)
    if action.documents:
        draft.issued, lacking = papers(context, action)
        draft.reasons += lacking
    if action.tasks:
        tasks.opened(context, action, draft)
    if action.code in procedure.tables.tying:
        follow.ties(work, context, action, draft)
    if step is None:
        return draft
    if step.stops or step.starts or step.meets:
        stops, arms, faults = clock_changes(context, step, context.observed_at)
        draft.reasons += faults
        draft.arms += arms
        draft.stops += stops
    if step.closes and matter.tasks:
        draft.end(closing(procedure, matter))
    elif action.calls_back and matter.tasks:
        draft.end(calling_back(matter, action.calls_back))
    if action.verb is not None:
        _verb(context, action, draft, context.observed_at)
    if step.counts:
        draft.counts = counted(context, step.counts, 1)
    return draft


def _verb(context: Context, action: Action, draft: Draft, at: datetime) -> None:
    verb, matter, facts = action.verb, context.matter, context.facts
    tables = context.procedure.tables
    if isinstance(verb, Extend):
        made = clocks.extend(matter, verb, context.procedure.deadline(verb.deadline), facts)
        if isinstance(made, Reason):
            draft.reasons.append(made)
        else:
            draft.stops += (made[0],)
            draft.arms += (made[1],)
    elif isinstance(verb, Suspend):
        paused = clocks.suspend(matter, verb.deadlines or tuple(matter.deadlines), at, facts)
        if verb.deadlines and not paused:
            draft.reasons.append(Reason("deadline.not_running", {"title": tables.deadlines[verb.deadlines[0]].title}))
        draft.stops += tuple(paused)
        if not verb.deadlines:
            draft.suspends = True
    elif isinstance(verb, Resume):
        again = clocks.resume(matter, tables.deadlines, verb.deadlines or tuple(matter.deadlines), at, facts)
        if verb.deadlines and not again:
            draft.reasons.append(Reason("deadline.not_paused", {"title": tables.deadlines[verb.deadlines[0]].title}))
        draft.arms += tuple(again)
        if not verb.deadlines:
            draft.suspends = False
    elif isinstance(verb, Transfer):
        unit = context.command.values.get("unit")
        if unit == matter.holder:
            draft.reasons.append(Reason("transfer.same_unit", field="unit"))
        draft.holder = unit if isinstance(unit, str) else ""


def _entry(context: Context, action: Action, draft: Draft, cause: str) -> Entry:
    procedure, matter, command, actor = context.procedure, context.matter, context.command, context.actor
    step, values = draft.step, command.values
    if step is None:
        raise ValueError("no step, no entry")
    setting = procedure.tables.setting[action.code]
    sets, own = values, NOTHING
    if not values.keys() <= setting:
        sets = {k: v for k, v in values.items() if k in setting}
        own = {k: v for k, v in values.items() if k not in setting}
    if action.hands_over_to:
        draft.holder = action.hands_over_to
    elif step.before == NOWHERE:
        draft.holder = actor.unit or actor.agency
    if matter.suspended and step.closes:
        draft.suspends = False
    # by position: the compiled kernel calls no function faster
    return Entry(
        matter.id, matter.seq + 1, procedure.code, procedure.version, procedure.digest, "act", action.code, actor.id,
        draft.capacity.name if draft.capacity is not None else "", actor.agency, context.observed_at,
        context.facts.now, step.before, step.after, step.closes, cause, actor.unit,
        matter.parent if matter.seq == 0 else "", sets, own, command.evidence, command.checks, command.present,
        command.officers, draft.arms, draft.stops, draft.tasks, draft.children, draft.relations, draft.unties,
        draft.issued, action.signs, action.notices, action.sends, draft.counts, draft.holder, draft.suspends,
        False, action.law.zh if action.law is not None else "",  # noqa: FBT003
    )  # fmt: skip
