"""Clocks that run out: what one of them does to its matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.command import CLOCK_ACTOR, Command
from guangyue.kernel.context import Context
from guangyue.kernel.decision import Entry, Kind, Stop
from guangyue.kernel.entries import clock_changes, closing, counted
from guangyue.kernel.follow import tell_parent
from guangyue.kernel.forms import length
from guangyue.kernel.reasons import Reason
from guangyue.law import Text
from guangyue.law.swift import NOTHING

if TYPE_CHECKING:
    from guangyue.kernel.grammar.deadlines import Deadline
    from guangyue.kernel.grammar.papers import Notice
    from guangyue.kernel.matter import Armed, Matter, TaskState
    from guangyue.kernel.procedure import Procedure
    from guangyue.kernel.tables import Step
    from guangyue.kernel.work import Work

PROMPT = timedelta(seconds=5)
"""Fired within this counts as on time."""

NOBODY: frozenset[str] = frozenset()


def clock_of(procedure: Procedure, key: str) -> Deadline | None:
    """The declaration of a clock; a task's hops share the task's."""
    tables = procedure.tables
    if key.startswith("task:"):
        return tables.hops.get(key.split(":")[1])
    return tables.deadlines.get(key)


def title(procedure: Procedure, key: str) -> Text:
    """A clock's name."""
    deadline = clock_of(procedure, key)
    return deadline.title if deadline is not None else Text(key, key)


def fire(work: Work, procedure: Procedure, matter: Matter, armed: Armed) -> Matter:
    """One clock runs out: it is dropped by its late policy, tells somebody, or changes the matter."""
    deadline = clock_of(procedure, armed.key)
    if deadline is None:
        work.reasons.append(Reason("lapse.not_running", {"title": Text(armed.key, armed.key)}))
        return matter
    now = work.facts.now
    behind = now - armed.due_at
    fired = (Stop(armed.key, armed.occurrence, "fired"),)
    if deadline.late == "drop" and deadline.drop_after is not None and behind > length(deadline.drop_after):
        arms = _again(work, matter, deadline, armed, late=now)
        return work.add(matter, _entry(work, procedure, matter, armed.key, "dropped", now, stops=fired, arms=arms))
    at = now if deadline.late == "as_late" else armed.due_at
    step = procedure.tables.lapses[armed.key][matter.state] if armed.key in procedure.tables.lapses else None
    if deadline.mode == "lapse" and step is not None:
        return _lapse(work, procedure, matter, armed, deadline, step, at)
    context = _context(work, procedure, matter, armed.key, at)
    return work.add(
        matter,
        _entry(
            work, procedure, matter, armed.key, "alarm", at, late=behind > PROMPT, stops=fired,
            arms=_again(work, matter, deadline, armed), notices=deadline.notices,
            counts=counted(context, step.counts, 1) if step is not None else (),
        ),
    )  # fmt: skip


def _lapse(
    work: Work, procedure: Procedure, matter: Matter, armed: Armed, deadline: Deadline, step: Step, at: datetime
) -> Matter:
    context = _context(work, procedure, matter, armed.key, at)
    stops, arms, faults = clock_changes(context, step, at)
    if step.before == step.after:
        arms = (*arms, *_again(work, matter, deadline, armed))
    work.reasons += faults
    cancelled, hop_stops = closing(procedure, matter) if step.closes else ((), ())
    entry = _entry(
        work, procedure, matter, armed.key, "lapse", at, late=work.facts.now - armed.due_at > PROMPT,
        after=step.after, closes=step.closes,
        stops=(Stop(armed.key, armed.occurrence, "fired"), *(s for s in stops if s.key != armed.key), *hop_stops),
        arms=arms, tasks=cancelled, notices=deadline.notices, counts=counted(context, step.counts, 1),
    )  # fmt: skip
    after = work.add(matter, entry)
    if deadline.does:
        does = Command(act=deadline.does, received_at=at)
        work.follow(matter.id, does, CLOCK_ACTOR, entry, system="clock")
    if step.closes:
        tell_parent(work, after, context.command, entry)
    return after


def _context(work: Work, procedure: Procedure, matter: Matter, key: str, at: datetime) -> Context:
    return Context(procedure, matter, Command(act=f"lapse:{key}", received_at=at), work.facts, CLOCK_ACTOR, at)


def _again(
    work: Work, matter: Matter, deadline: Deadline, armed: Armed, *, late: datetime | None = None
) -> tuple[Armed, ...]:
    """The next round of a clock that repeats."""
    if not deadline.repeats:
        return ()
    if deadline.late == "as_late":
        made = clocks.arm(deadline, armed.key, armed.occurrence + 1, work.facts.now, work.facts, matter.fields)
    else:
        made = clocks.next_round(deadline, armed, matter, work.facts, late=late)
    if isinstance(made, Reason):
        work.reasons.append(made)
        return ()
    return (made,)


def _entry(
    work: Work,
    procedure: Procedure,
    matter: Matter,
    key: str,
    kind: Kind,
    at: datetime,
    *,
    after: str | None = None,
    closes: bool | None = None,
    late: bool = False,
    arms: tuple[Armed, ...] = (),
    stops: tuple[Stop, ...] = (),
    tasks: tuple[TaskState, ...] = (),
    notices: tuple[Notice, ...] = (),
    counts: tuple[tuple[str, int], ...] = (),
) -> Entry:
    # by position: the compiled kernel calls no function faster
    return Entry(
        matter.id, matter.seq + 1, procedure.code, procedure.version, procedure.digest, kind, key, CLOCK_ACTOR.id,
        "system:clock", "", at, work.facts.now, matter.state, matter.state if after is None else after,
        matter.closed if closes is None else closes, "", "", "", NOTHING, NOTHING, (), NOBODY, NOBODY, (), arms, stops,
        tasks, (), (), (), (), "", notices, (), counts, "", None, late,
    )  # fmt: skip
