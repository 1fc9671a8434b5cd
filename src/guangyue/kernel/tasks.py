"""Tasks at run time: offered, accepted, returned, done, one hop or many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.command import Actor, Command
from guangyue.kernel.context import Context, fits
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.grammar.deadlines import Deadline
from guangyue.kernel.grammar.work import Task
from guangyue.kernel.judge import believed, times
from guangyue.kernel.matter import Armed, Hop, Matter, TaskState
from guangyue.kernel.reasons import Reason
from guangyue.kernel.work import Work

if TYPE_CHECKING:
    from guangyue.kernel.act import Draft
    from guangyue.kernel.procedure import Procedure

ACTS = frozenset({"task.accept", "task.return", "task.done", "task.assign"})
"""The acts on tasks that every procedure has."""


def opened(context: Context, action: Action, draft: Draft) -> None:
    """The tasks an act opens, with the clocks of their first hops."""
    for code in action.tasks:
        task = context.procedure.task(code)
        units = context.command.assign.get(code, ())
        if not units:
            draft.reasons.append(Reason("task.no_owner", {"title": task.title}))
            continue
        number = 1 + max((t.number for t in context.matter.tasks if t.code == code), default=0)
        at = context.observed_at
        hops = tuple(
            Hop(u, "waiting") if task.mode == "relay" and i else Hop(u, "offered", at) for i, u in enumerate(units)
        )
        draft.extend("tasks", (TaskState(code, number, hops),))
        offered = [i for i, h in enumerate(hops) if h.status == "offered"]
        arms, faults = _clocks(context, task, number, offered, at)
        draft.extend("arms", arms)
        draft.reasons += faults


def _clocks(
    context: Context, task: Task, number: int, hops: Iterable[int], at: datetime
) -> tuple[tuple[Armed, ...], list[Reason]]:
    """A clock for each hop that is offered now."""
    if task.term is None:
        return (), []
    arms: list[Armed] = []
    faults: list[Reason] = []
    values = {**context.matter.fields, **context.command.values}
    for hop in hops:
        key = _key(task.code, number, hop)
        deadline = Deadline(key=key, title=task.title, term=task.term, during=("*",), mode="alarm", tells=(task.owner,))
        occurrence = clocks.next_occurrence(context.matter, key)
        made = clocks.arm(clocks.Start(deadline, key, at, values), occurrence, context.facts)
        if isinstance(made, Reason):
            faults.append(made)
        else:
            arms.append(made)
    return tuple(arms), faults


def _key(code: str, number: int, hop: int) -> str:
    return f"task:{code}:{number}:{hop}"


def perform(work: Work, procedure: Procedure, matter: Matter, command: Command, actor: Actor) -> None:
    """One of the acts on a task."""
    context = Context(procedure, matter, command, work.facts, actor, believed(command))
    reasons = list(times(context))
    state = matter.task(command.task[0], command.task[1]) if command.task else None
    if state is None or command.task is None or state.status != "open":
        work.refuse([*reasons, Reason("task.unknown")], matter, inner=False)
        return
    task = procedure.task(state.code)
    index = command.task[2]
    if command.act == "task.assign":
        reasons += _may_assign(context, task)
        changed, offered, stops = _assigned(context, task, state, reasons)
    elif not 0 <= index < len(state.hops):
        work.refuse([*reasons, Reason("task.unknown")], matter, inner=False)
        return
    else:
        reasons += _mine(context, task, state.hops[index])
        changed, offered, stops = _hop(context, task, state, index, reasons)
    arms, faults = _clocks(context, task, state.number, offered, context.observed_at)
    reasons += faults
    if reasons:
        work.refuse(reasons, matter, inner=False)
        return
    entry = Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=procedure.version,
        digest=procedure.digest, kind="act", act=command.act, actor=actor.id, role=task.owner.name,
        agency=actor.agency, unit=actor.unit, observed_at=context.observed_at, decided_at=work.facts.now,
        before=matter.state, after=matter.state, closes=matter.closed, values=dict(command.values),
        tasks=(changed,), stops=tuple(stops), arms=arms,
    )  # fmt: skip
    work.add(matter, entry)
    if changed.status == "done" and task.then and not matter.closed:
        then = Command(act=task.then, received_at=command.received_at, observed_at=command.observed_at)
        work.follow(matter.id, then, actor, f"{entry.matter}#{entry.seq}")


def _mine(context: Context, task: Task, hop: Hop) -> Iterable[Reason]:
    if not fits(task.owner, context.actor, context.matter) or context.actor.unit != hop.unit:
        yield Reason("task.not_yours", {"owner": hop.unit})


def _may_assign(context: Context, task: Task) -> Iterable[Reason]:
    """Who may open the task may also give it to another unit."""
    givers = [w for a in context.procedure.actions if task.code in a.tasks for w in a.by]
    if not any(fits(w, context.actor, context.matter) for w in givers):
        yield Reason("who.not_allowed", {"act": task.title, "who": context.names(*givers)})


Change = tuple[TaskState, list[int], list[Stop]]


def _assigned(context: Context, task: Task, state: TaskState, reasons: list[Reason]) -> Change:
    """Further units, after one returned the task or when it needs more hands."""
    units = context.command.assign.get(task.code, ())
    if not units:
        reasons.append(Reason("task.no_owner", {"title": task.title}))
    first = len(state.hops)
    busy = task.mode == "relay" and any(h.status in {"offered", "accepted"} for h in state.hops)
    fresh = tuple(
        Hop(u, "waiting") if task.mode == "relay" and (busy or i) else Hop(u, "offered", context.observed_at)
        for i, u in enumerate(units)
    )
    hops = (*state.hops, *fresh)
    return replace(state, hops=hops), [first + i for i, h in enumerate(fresh) if h.status == "offered"], []


def _hop(context: Context, task: Task, state: TaskState, index: int, reasons: list[Reason]) -> Change:
    hop, at, who = state.hops[index], context.observed_at, context.actor.id
    stops = clocks.stop(context.matter, (_key(task.code, state.number, index),), "met")
    if context.command.act == "task.accept":
        if hop.status != "offered":
            reasons.append(Reason("task.unknown"))
        return _with(state, index, replace(hop, status="accepted", since=at, by=who)), [], []
    if context.command.act == "task.return":
        return _returned(context, task, state, index, reasons, stops)
    if hop.status != "accepted":
        reasons.append(Reason("task.not_accepted", {"title": task.title}))
    note = str(context.command.values.get("note", ""))
    changed = _with(state, index, replace(hop, status="done", since=at, by=who, note=note))
    return _finished(context, task, changed, index, stops)


def _returned(
    context: Context, task: Task, state: TaskState, index: int, reasons: list[Reason], stops: list[Stop]
) -> Change:
    hop, at = state.hops[index], context.observed_at
    reason = str(context.command.values.get("reason", "")).strip()
    if hop.status not in {"offered", "accepted"}:
        reasons.append(Reason("task.unknown"))
    if not reason:
        reasons.append(Reason("value.required", {"title": task.title}, field="reason"))
    if task.mode != "relay":
        back = replace(hop, status="returned", since=at, by=context.actor.id, note=reason)
        return _with(state, index, back), [], stops
    if index == 0:
        reasons.append(Reason("task.first_hop"))
        return state, [], []
    waiting = _with(state, index, Hop(hop.unit, "waiting", at, context.actor.id, reason))
    return _with(waiting, index - 1, replace(state.hops[index - 1], status="offered", since=at)), [index - 1], stops


def _finished(context: Context, task: Task, state: TaskState, index: int, stops: list[Stop]) -> Change:
    if task.mode == "relay" and index + 1 < len(state.hops):
        following = replace(state.hops[index + 1], status="offered", since=context.observed_at)
        return _with(state, index + 1, following), [index + 1], stops
    if task.mode == "all" and any(h.status != "done" for h in state.hops if h.status != "returned"):
        return state, [], stops
    if task.mode == "one":
        others = [i for i, h in enumerate(state.hops) if h.status in {"offered", "accepted"}]
        for i in others:
            state = _with(state, i, replace(state.hops[i], status="cancelled"))
        keys = [_key(task.code, state.number, i) for i in others]
        stops += clocks.stop(context.matter, keys, "cancelled")
    return replace(state, status="done"), [], stops


def _with(state: TaskState, index: int, hop: Hop) -> TaskState:
    return replace(state, hops=(*state.hops[:index], hop, *state.hops[index + 1 :]))
