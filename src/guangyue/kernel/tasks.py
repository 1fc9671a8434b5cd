"""Tasks at run time: offered, accepted, returned, done, one hop or many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.command import KERNEL_ACTOR, Actor, Command
from guangyue.kernel.context import Context, fits
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.entries import hop_key
from guangyue.kernel.judge import believed, times
from guangyue.kernel.matter import Armed, Hop, Matter, TaskState
from guangyue.kernel.reasons import Reason

if TYPE_CHECKING:
    from guangyue.kernel.act import Draft
    from guangyue.kernel.grammar.actions import Action
    from guangyue.kernel.grammar.work import Task
    from guangyue.kernel.procedure import Procedure
    from guangyue.kernel.work import Work

ACCEPT, RETURN, DONE, ASSIGN = "task.accept", "task.return", "task.done", "task.assign"
ACTS = frozenset({ACCEPT, RETURN, DONE, ASSIGN})
"""The acts on tasks that every procedure has."""

ANSWERS = {ACCEPT: frozenset(), RETURN: frozenset({"reason"}), DONE: frozenset({"note"}), ASSIGN: frozenset({"reason"})}
"""What they may bring in ``values``, each a text; a return must give its reason."""


def opened(context: Context, action: Action, draft: Draft) -> None:
    """The tasks an act opens, with the clocks of their first hops."""
    for code in action.tasks:
        task = context.procedure.task(code)
        units = context.command.assign.get(code, ())
        if not units:
            draft.reasons.append(Reason("task.no_owner", {"title": task.title}))
            continue
        number = 1 + max((t.number for t in context.matter.tasks if t.code == code), default=0)
        hops = _offered(task, units, context.observed_at)
        draft.tasks += (TaskState(code, number, hops),)
        arms, faults = _clocks(context, task, number, [i for i, h in enumerate(hops) if h.status == "offered"])
        draft.arms += arms
        draft.reasons += faults


def _offered(task: Task, units: Iterable[str], at: datetime, *, first: bool = True) -> tuple[Hop, ...]:
    """Hops for units: in a relay only the first is offered, the others wait."""
    relay = task.mode == "relay"
    return tuple(
        Hop(u, "waiting") if relay and (i or not first) else Hop(u, "offered", at, came=at) for i, u in enumerate(units)
    )


def _clocks(context: Context, task: Task, number: int, hops: Iterable[int]) -> tuple[tuple[Armed, ...], list[Reason]]:
    """A clock for each hop that is offered now."""
    deadline = context.procedure.tables.hops.get(task.code)
    if deadline is None:
        return (), []
    arms: list[Armed] = []
    faults: list[Reason] = []
    for hop in hops:
        key = hop_key(task.code, number, hop)
        occurrence, fields = clocks.next_occurrence(context.matter, key), context.matter.fields
        made = clocks.arm(deadline, key, occurrence, context.observed_at, context.facts, fields, context.command.values)
        if isinstance(made, Reason):
            faults.append(made)
        else:
            arms.append(made)
    return tuple(arms), faults


def perform(work: Work, procedure: Procedure, matter: Matter, command: Command, actor: Actor) -> None:
    """One of the acts on a task."""
    context = Context(procedure, matter, command, work.facts, actor, believed(command))
    state = matter.task(command.task[0], command.task[1]) if command.task else None
    reasons = [*times(context), *_answers(context)]
    index = command.task[2] if command.task else -1
    in_range = state is not None and (command.act == ASSIGN or 0 <= index < len(state.hops))
    if state is None or state.status != "open" or not in_range:
        work.reasons += [*reasons, Reason("task.unknown")]
        return
    task = procedure.task(state.code)
    if matter.suspended:
        reasons.append(Reason("state.suspended", {"act": task.title}))
    if command.act == ASSIGN:
        reasons += _may_assign(context, task)
        changed, offered, stops = _assigned(context, task, state, reasons)
    else:
        reasons += _mine(context, task, state.hops[index])
        changed, offered, stops = _hop(context, task, state, index, reasons)
    arms, faults = _clocks(context, task, state.number, offered)
    reasons += faults
    if reasons:
        work.reasons += reasons
        return
    entry = Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=procedure.version,
        digest=procedure.digest, kind="act", act=command.act, actor=actor.id, role=task.owner.name,
        agency=actor.agency, unit=actor.unit, observed_at=context.observed_at, decided_at=work.facts.now,
        before=matter.state, after=matter.state, closes=matter.closed, values=dict(command.values),
        evidence=command.evidence, tasks=(changed,), stops=tuple(stops), arms=arms,
    )  # fmt: skip
    work.add(matter, entry)
    if changed.status == "done" and task.then:
        then = Command(act=task.then, received_at=command.received_at, observed_at=command.observed_at)
        work.follow(matter.id, then, KERNEL_ACTOR, entry, optional=True)


def _answers(context: Context) -> Iterator[Reason]:
    allowed = ANSWERS[context.command.act]
    for name, value in context.command.values.items():
        if name not in allowed:
            yield Reason("value.unknown", {"name": name}, field=name)
        elif not isinstance(value, str):
            yield Reason("value.not_text", {"title": name}, field=name)
    if context.command.act == RETURN and not str(context.command.values.get("reason", "")).strip():
        yield Reason("task.no_reason", field="reason")


def _mine(context: Context, task: Task, hop: Hop) -> Iterator[Reason]:
    if context.actor.unit != hop.unit:
        yield Reason("task.not_yours", {"owner": hop.unit})
    elif not fits(task.owner, context.actor, context.matter):
        yield Reason("who.not_allowed", {"act": task.title, "who": context.names(task.owner)})


def _may_assign(context: Context, task: Task) -> Iterator[Reason]:
    """Who may open the task may also give it to another unit."""
    givers = [w for a in context.procedure.actions if task.code in a.tasks for w in a.by]
    if not any(fits(w, context.actor, context.matter) for w in givers):
        yield Reason("who.not_allowed", {"act": task.title, "who": context.names(*givers)})


Change = tuple[TaskState, list[int], list[Stop]]


def _assigned(context: Context, task: Task, state: TaskState, reasons: list[Reason]) -> Change:
    """Further units, after one gave the task back or when it needs more hands; in a relay they come before who waits."""
    units = context.command.assign.get(task.code, ())
    if not units:
        reasons.append(Reason("task.no_owner", {"title": task.title}))
    hops = state.hops
    place = next((i for i, h in enumerate(hops) if h.status == "waiting"), len(hops))
    fresh = _offered(task, units, context.observed_at, first=state.stranded)
    offered = [place + i for i, h in enumerate(fresh) if h.status == "offered"]
    return replace(state, hops=(*hops[:place], *fresh, *hops[place:])), offered, []


def _hop(context: Context, task: Task, state: TaskState, index: int, reasons: list[Reason]) -> Change:
    hop, at, who = state.hops[index], context.observed_at, context.actor.id
    stops = clocks.stop(context.matter, (hop_key(task.code, state.number, index),), "met")
    if context.command.act == ACCEPT:
        if hop.status != "offered":
            reasons.append(Reason("task.not_offered", {"title": task.title}))
        return _with(state, index, replace(hop, status="accepted", since=at, by=who)), [], []
    if context.command.act == RETURN:
        return _returned(context, task, state, index, reasons, stops)
    if hop.status != "accepted":
        reasons.append(Reason("task.not_accepted", {"title": task.title}))
    note = str(context.command.values.get("note", ""))
    changed = _with(state, index, replace(hop, status="done", since=at, by=who, note=note))
    return _finished(context, task, changed, index, stops)


def _returned(
    context: Context, task: Task, state: TaskState, index: int, reasons: list[Reason], stops: list[Stop]
) -> Change:
    """Given back with a reason: in a relay to the hop before, else to whoever gave it."""
    hop, at = state.hops[index], context.observed_at
    reason = str(context.command.values.get("reason", "")).strip()
    if hop.status not in {"offered", "accepted"}:
        reasons.append(Reason("task.not_offered", {"title": task.title}))
    before = next((i for i in range(index - 1, -1, -1) if state.hops[i].status == "done"), None)
    if task.mode != "relay" or before is None:
        given_back = replace(hop, status="returned", since=at, by=context.actor.id, note=reason)
        changed = _with(state, index, given_back)
        # the others may all be done by now
        return (_closed(changed), [], stops) if _complete(task, changed) else (changed, [], stops)
    waiting = _with(state, index, Hop(hop.unit, "waiting", at, context.actor.id, reason))
    return _with(waiting, before, replace(state.hops[before], status="offered", since=at, came=at)), [before], stops


def _finished(context: Context, task: Task, state: TaskState, index: int, stops: list[Stop]) -> Change:
    if task.mode == "relay":
        following = next((i for i, h in enumerate(state.hops) if i > index and h.status == "waiting"), None)
        if following is not None:
            at = context.observed_at
            offered = replace(state.hops[following], status="offered", since=at, came=at)
            return _with(state, following, offered), [following], stops
    elif task.mode == "all" and not _complete(task, state):
        return state, [], stops
    others = [i for i, h in enumerate(state.hops) if h.status in {"offered", "accepted", "waiting"}]
    for i in others:
        state = _with(state, i, replace(state.hops[i], status="cancelled"))
    keys = [hop_key(task.code, state.number, i) for i in others]
    return _closed(state), [], [*stops, *clocks.stop(context.matter, keys, "cancelled")]


def _complete(task: Task, state: TaskState) -> bool:
    """A task for all is complete when somebody did it and nobody is left to do it."""
    statuses = {h.status for h in state.hops}
    return task.mode == "all" and "done" in statuses and statuses <= {"done", "returned"}


def _closed(state: TaskState) -> TaskState:
    return replace(state, status="done")


def _with(state: TaskState, index: int, hop: Hop) -> TaskState:
    return replace(state, hops=(*state.hops[:index], hop, *state.hops[index + 1 :]))
