"""The kernel's one question: may this be done, and what follows?

``decide`` settles clocks that ran out before what was observed, undoes a lapse that the observation overtakes, judges
the act, and carries everything that follows to its end: first the matter's own follow-on acts, then its parent's, then
those of related matters, in the order in which they were called for.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from guangyue.kernel import tasks, versions
from guangyue.kernel.act import perform
from guangyue.kernel.command import Command, Facts
from guangyue.kernel.decision import Decision, Refusal
from guangyue.kernel.judge import believed
from guangyue.kernel.lapse import fire, title
from guangyue.kernel.matter import Armed, Matter
from guangyue.kernel.reasons import Reason
from guangyue.kernel.work import Work

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

MOST_LAPSES = 10_000
"""More lapses than this in one go is a clock that repeats without end, never a city's outage."""

MOST_FOLLOWING = 10_000
"""More follow-on acts than this is a declaration that runs in a circle, never a city's day."""


def decide(procedure: Procedure, matter: Matter | None, command: Command, facts: Facts) -> Decision | Refusal:
    """Decides one command.

    Args:
        procedure: the declaration, on the version that opened the matter.
        matter: the matter, locked; nothing for a new one, which gets ``facts.new_id``.
        command: what somebody wants done.
        facts: everything the outside knows.

    Returns:
        The entries to write in one transaction, or all reasons why not.
    """
    work = Work(procedure, facts)
    if matter is None:
        matter = Matter(id=facts.new_id, procedure=procedure.code, version=procedure.version)
    work.matters[matter.id] = matter
    observed = believed(command)
    if matter.deadlines and _first(matter, observed) is not None:
        matter = settle(work, procedure, matter, observed)
    if command.act in tasks.ACTS:
        tasks.perform(work, procedure, matter, command, facts.actor)
    elif command.act in versions.ACTS:
        versions.perform(work, procedure, matter, command)
    else:
        perform(work, procedure, matter, command, facts.actor, observed)
    if work.following:
        _carry_on(work)
    return work.answer(command.act)


def lapse(procedure: Procedure, matter: Matter, key: str, occurrence: int, facts: Facts) -> Decision | Refusal:
    """Fires a clock that has run out: what the runner does. A clock that no longer runs is refused, never fired twice.

    Earlier clocks of the same matter go first, so that effects keep the order of time.
    """
    work = Work(procedure, facts)
    work.matters[matter.id] = matter
    armed = matter.deadlines.get(key)
    if armed is None or armed.occurrence != occurrence or armed.status != "pending":
        work.reasons.append(Reason("lapse.not_running", {"title": title(procedure, key)}))
    elif armed.met_by(facts.now):
        work.reasons.append(Reason("lapse.not_due", {"title": title(procedure, key)}))
    else:
        matter = settle(work, procedure, matter, armed.due_at)
        armed = matter.deadlines.get(key)
        if armed is not None and armed.occurrence == occurrence and armed.status == "pending":
            fire(work, procedure, matter, armed)
    if work.following:
        _carry_on(work)
    return work.answer(f"lapse:{key}")


def settle(work: Work, procedure: Procedure, matter: Matter, until: datetime) -> Matter:
    """Fires, in order of time, all clocks that ran out before a moment, each with all that follows from it."""
    for _ in range(MOST_LAPSES):
        first = _first(matter, until)
        if first is None or work.reasons:
            return matter
        fire(work, procedure, matter, first)
        if work.following:
            _carry_on(work)
        matter = work.matters[matter.id]
    raise RecursionError(f"the clocks of {procedure.code} run in a circle")


def _first(matter: Matter, until: datetime) -> Armed | None:
    first: Armed | None = None
    for armed in matter.deadlines.values():
        if armed.status != "pending" or armed.due_at > until or (armed.inclusive and armed.due_at == until):
            continue
        if first is None or (armed.due_at, armed.key) < (first.due_at, first.key):
            first = armed
    return first


def _carry_on(work: Work) -> None:
    """Follow-on acts, to the end. One that is refused refuses the whole."""
    line, work.following = work.following, []
    for _ in range(MOST_FOLLOWING):
        if not line or work.reasons:
            return
        follow = line.pop(0)
        matter = work.matter(follow.matter)
        procedure = work.procedure_of(matter) if matter is not None else None
        if matter is None or procedure is None:
            work.reasons.append(Reason("relation.not_loaded", {"matter": follow.matter}))
            return
        observed = believed(follow.command)
        if matter.deadlines:
            matter = settle(work, procedure, matter, observed)
        if follow.optional and procedure.tables.steps[follow.command.act][matter.state] is None:
            continue
        perform(work, procedure, matter, follow.command, follow.actor, observed, follow.cause)
        line.extend(work.following)
        work.following.clear()
    raise RecursionError("follow-on acts run in a circle")
