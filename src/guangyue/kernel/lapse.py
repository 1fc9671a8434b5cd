"""Clocks that run out, and lapses undone by what was observed in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.command import CLOCK_ACTOR, Actor, Command
from guangyue.kernel.context import Context
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.entries import clock_changes, closing, counted
from guangyue.kernel.forms import length
from guangyue.kernel.grammar.deadlines import Deadline, Term
from guangyue.kernel.matter import Armed, Matter
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import Step
from guangyue.kernel.work import Work
from guangyue.law import Text

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

MOST_LAPSES = 1_000
"""More lapses than this in one go means a clock that repeats without end."""

PROMPT = timedelta(seconds=5)
"""Fired within this counts as on time."""


def title(procedure: Procedure, key: str) -> Text:
    """A clock's name; a task's hop bears the task's."""
    if key.startswith("task:"):
        return procedure.task(key.split(":")[1]).title
    return procedure.deadline(key).title if key in procedure.tables.deadlines else Text(key, key)


def settle(work: Work, procedure: Procedure, matter: Matter, until: datetime) -> Matter:
    """Fires, in order of time, all clocks that change the matter and ran out before a moment."""
    for _ in range(MOST_LAPSES):
        first: Armed | None = None
        for armed in matter.deadlines.values():
            if armed.status != "pending" or armed.due_at > until or armed.met_by(until):
                continue
            if _changes(procedure, armed) and (first is None or (armed.due_at, armed.key) < (first.due_at, first.key)):
                first = armed
        if first is None or work.reasons:
            return matter
        matter = fire(work, procedure, matter, first)
    raise RecursionError(f"the clocks of {procedure.code} run in a circle")


def _changes(procedure: Procedure, armed: Armed) -> bool:
    deadline = procedure.tables.deadlines.get(armed.key)
    return deadline is not None and deadline.mode == "lapse"


def fire(work: Work, procedure: Procedure, matter: Matter, armed: Armed) -> Matter:
    """One clock runs out."""
    deadline = procedure.tables.deadlines.get(armed.key) or _hop_alarm(procedure, armed)
    now = work.facts.now
    behind = now - armed.due_at
    fired = Stop(armed.key, armed.occurrence, "fired")
    if deadline.late == "drop" and deadline.drop_after is not None and behind > length(deadline.drop_after):
        arms = _again(work, matter, deadline, armed, now)
        return work.add(matter, _entry(work, procedure, matter, armed.key, "dropped", now, stops=(fired,), arms=arms))
    at = now if deadline.late == "as_late" else armed.due_at
    late = behind > PROMPT
    if deadline.mode != "lapse":
        arms = _again(work, matter, deadline, armed, at)
        return work.add(
            matter,
            _entry(
                work,
                procedure,
                matter,
                armed.key,
                "alarm",
                at,
                late=late,
                stops=(fired,),
                arms=arms,
                notices=deadline.notices,
            ),
        )
    step = procedure.tables.lapses[armed.key][matter.state]
    if step is None:
        work.reasons.append(Reason("lapse.not_running", {"title": deadline.title}))
        return matter
    return _lapse(work, procedure, matter, armed, deadline, step, at, late=late)


def _lapse(
    work: Work,
    procedure: Procedure,
    matter: Matter,
    armed: Armed,
    deadline: Deadline,
    step: Step,
    at: datetime,
    *,
    late: bool,
) -> Matter:
    command = Command(act=step.action, received_at=at)
    context = Context(procedure, matter, command, work.facts, CLOCK_ACTOR, at)
    stops, arms, faults = clock_changes(context, step, at)
    if step.before == step.after:
        arms = (*arms, *_again(work, matter, deadline, armed, at))
    work.reasons += faults
    cancelled, hop_stops = closing(procedure, matter, closes=step.closes)
    entry = _entry(
        work, procedure, matter, armed.key, "lapse", at, late=late, after=step.after, closes=step.closes,
        stops=(Stop(armed.key, armed.occurrence, "fired"), *(s for s in stops if s.key != armed.key), *hop_stops),
        arms=arms, tasks=cancelled, notices=deadline.notices, counts=counted(context, step.counts, 1),
    )  # fmt: skip
    after = work.add(matter, entry)
    if deadline.does:
        does = Command(act=deadline.does, received_at=at)
        work.follow(matter.id, does, CLOCK_ACTOR, f"{entry.matter}#{entry.seq}")
    if step.closes:
        from guangyue.kernel.follow import tell_parent

        tell_parent(work, after, command, CLOCK_ACTOR, entry)
    return after


def _again(work: Work, matter: Matter, deadline: Deadline, armed: Armed, at: datetime) -> tuple[Armed, ...]:
    """The next round of a clock that repeats."""
    if not deadline.repeats:
        return ()
    made = clocks.arm(clocks.Start(deadline, armed.key, at, matter.fields), armed.occurrence + 1, work.facts)
    if isinstance(made, Reason):
        work.reasons.append(made)
        return ()
    return (made,)


def _hop_alarm(procedure: Procedure, armed: Armed) -> Deadline:
    """The clock of a task's hop alarms those who handle it."""
    task = procedure.task(armed.key.split(":")[1])
    return Deadline(
        key=armed.key, title=task.title, term=task.term or Term(armed.rule), during=("*",), mode="alarm",
        tells=(task.owner,),
    )  # fmt: skip


def _entry(
    work: Work, procedure: Procedure, matter: Matter, key: str, kind: str, at: datetime, **more: object
) -> Entry:
    base: dict[str, object] = {"after": matter.state, "closes": matter.closed, **more}
    return Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=procedure.version,
        digest=procedure.digest, kind=kind, act=key, actor=CLOCK_ACTOR.id, role="system:clock", agency="",  # type: ignore[arg-type]
        observed_at=at, decided_at=work.facts.now, before=matter.state,
        **base,  # type: ignore[arg-type]
    )  # fmt: skip


def overtaken(
    procedure: Procedure, matter: Matter, act: str, observed: datetime
) -> tuple[str, tuple[Armed, ...]] | None:
    """The state to go back to, and the lapses to undo, when an act was observed inside a term that has lapsed since.

    Only lapses can be undone; as soon as a person has acted on the matter since, nothing is.
    """
    steps = procedure.tables.steps.get(act)
    passages = matter.passages
    if steps is None or len(passages) <= 1 or not passages[-1].by.startswith("lapse:"):
        return None
    undone: list[Armed] = []
    index = len(passages) - 1
    while index > 0 and passages[index].by.startswith("lapse:"):
        armed = matter.deadlines.get(passages[index].by.removeprefix("lapse:"))
        if armed is None or armed.status != "fired" or not armed.met_by(observed):
            break
        undone.append(armed)
        index -= 1
    state = passages[index].state
    step = steps[state]
    if not undone or step is None or step.after == state or passages[index].at > observed:
        return None
    return state, tuple(undone)


def reinstate(
    work: Work,
    procedure: Procedure,
    matter: Matter,
    command: Command,
    actor: Actor,
    back: tuple[str, tuple[Armed, ...]],
) -> Matter:
    """The entry that undoes lapses: the state, the clocks and the figures are as before them."""
    state, undone = back
    at = command.observed_at or command.received_at
    tables = procedure.tables
    revived = {a.key for a in undone}
    target = tables.steps[command.act][state]
    stops = [Stop(a.key, a.occurrence, "pending") for a in undone]
    for key, armed in matter.deadlines.items():
        deadline = tables.deadlines.get(key)
        if deadline is None or key in revived:
            continue
        running = armed.status in clocks.RUNNING or armed.status == "suspended"
        if running and state not in deadline.during:
            stops.append(Stop(key, armed.occurrence, "cancelled"))
        elif armed.status == "cancelled" and {state, target.after if target else ""} <= set(deadline.during):
            stops.append(Stop(key, armed.occurrence, "reference" if deadline.mode == "reference" else "pending"))
    context = Context(procedure, matter, command, work.facts, actor, at)
    counts: list[tuple[str, int]] = []
    passages = list(matter.passages)
    for armed in undone:
        passages.pop()
        lapsed = tables.lapses[armed.key][passages[-1].state]
        counts += counted(context, lapsed.counts if lapsed else (), -1)
    entry = Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=procedure.version,
        digest=procedure.digest, kind="reinstated", act=undone[-1].key, actor=actor.id, role="", agency=actor.agency,
        observed_at=at, decided_at=work.facts.now, before=matter.state, after=state, closes=state in tables.outcomes,
        stops=tuple(stops), counts=tuple(counts),
    )  # fmt: skip
    return work.add(matter, entry)
