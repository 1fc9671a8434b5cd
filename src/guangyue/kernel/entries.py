"""The parts of an entry that acts and lapses share: clocks that change, figures that grow, tasks that end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.context import Context
from guangyue.kernel.decision import Stop
from guangyue.kernel.grammar.figures import Count
from guangyue.kernel.matter import Armed, Matter, TaskState
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import Step

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


def clock_changes(
    context: Context, step: Step, at: datetime
) -> tuple[tuple[Stop, ...], tuple[Armed, ...], list[Reason]]:
    """The clocks a step stops and starts, and what keeps one from starting."""
    matter = context.matter
    stops = clocks.stop(matter, step.stops, "cancelled") if step.stops else []
    if step.meets:
        stops += clocks.stop(matter, step.meets, "met")
    arms: list[Armed] = []
    faults: list[Reason] = []
    for deadline in step.starts:
        if deadline.starts_on:
            stops += [s for s in clocks.stop(matter, (deadline.key,), "cancelled") if s not in stops]
        occurrence = clocks.next_occurrence(matter, deadline.key)
        values = {**matter.fields, **context.command.values}
        made = clocks.arm(clocks.Start(deadline, deadline.key, at, values), occurrence, context.facts)
        if isinstance(made, Reason):
            faults.append(made)
        else:
            arms.append(made)
    return tuple(stops), tuple(arms), faults


def counted(context: Context, counts: tuple[Count, ...], sign: int) -> tuple[tuple[str, int], ...]:
    """The figures that grow, with their amounts."""
    found: list[tuple[str, int]] = []
    for count in counts:
        if count.when is not None and not count.when.holds(context):
            continue
        amount = context.value(count.sums) if count.sums else 1
        if isinstance(amount, int) and amount:
            found.append((count.code, sign * amount))
    return tuple(found)


def closing(procedure: Procedure, matter: Matter, *, closes: bool) -> tuple[tuple[TaskState, ...], tuple[Stop, ...]]:
    """Tasks that end with the matter, and their clocks."""
    if not closes or not matter.tasks:
        return (), ()
    ended: list[TaskState] = []
    stops: list[Stop] = []
    for task in matter.tasks:
        if task.status != "open" or procedure.task(task.code).survives_close:
            continue
        hops = tuple(replace(h, status="cancelled") if h.status not in {"done", "returned"} else h for h in task.hops)
        ended.append(replace(task, status="cancelled", hops=hops))
        keys = [f"task:{task.code}:{task.number}:{i}" for i in range(len(hops))]
        stops += clocks.stop(matter, keys, "cancelled")
    return tuple(ended), tuple(stops)
