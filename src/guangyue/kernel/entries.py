"""The parts of an entry that acts and lapses share: clocks that change, figures that grow, tasks that end."""

from __future__ import annotations

from collections.abc import Container
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
        key = deadline.key
        number = 1
        if key in matter.deadlines:
            number = matter.deadlines[key].occurrence + 1
            if deadline.starts_on:
                stops += [s for s in clocks.stop(matter, (key,), "cancelled") if s not in stops]
        made = clocks.arm(deadline, key, number, at, context.facts, matter.fields, context.command.values)
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


def closing(procedure: Procedure, matter: Matter) -> tuple[tuple[TaskState, ...], tuple[Stop, ...]]:
    """Tasks that end when the matter closes, and their clocks."""
    return calling_back(matter, [t.code for t in procedure.tasks if not t.survives_close])


def calling_back(matter: Matter, codes: Container[str]) -> tuple[tuple[TaskState, ...], tuple[Stop, ...]]:
    """Open tasks that end, and their clocks. Hops stay as they were, so that this can be undone."""
    ended: list[TaskState] = []
    stops: list[Stop] = []
    for task in matter.tasks:
        if task.status == "open" and task.code in codes:
            ended.append(replace(task, status="cancelled"))
            stops += clocks.stop(matter, hop_keys(task), "cancelled")
    return tuple(ended), tuple(stops)


def hop_keys(task: TaskState) -> tuple[str, ...]:
    """The keys of a task's clocks, one a hop."""
    return tuple(hop_key(task.code, task.number, i) for i in range(len(task.hops)))


def hop_key(code: str, number: int, hop: int) -> str:
    """The key of the clock of one hop."""
    return f"task:{code}:{number}:{hop}"
