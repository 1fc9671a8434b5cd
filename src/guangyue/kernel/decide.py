"""The kernel's one question: may this be done, and what follows?

``decide`` settles clocks that ran out before what was observed, undoes a lapse that the observation overtakes, judges
the act, and carries everything that follows to its end: first the matter's own follow-on acts, then its parent's, then
those of related matters, in the order in which they were called for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guangyue.kernel import lapse as lapses
from guangyue.kernel import tasks
from guangyue.kernel.act import perform
from guangyue.kernel.command import CLOCK_ACTOR, Command, Facts
from guangyue.kernel.decision import Decision, Refusal
from guangyue.kernel.judge import believed
from guangyue.kernel.matter import Matter
from guangyue.kernel.reasons import Reason
from guangyue.kernel.work import MOST_FOLLOWING, Work

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


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
    if matter.deadlines:
        matter = lapses.settle(work, procedure, matter, believed(command))
    if command.act in tasks.ACTS:
        tasks.perform(work, procedure, matter, command, facts.actor)
    else:
        perform(work, procedure, matter, command, facts.actor)
    _carry_on(work)
    return work.answer(command.act)


def lapse(procedure: Procedure, matter: Matter, key: str, occurrence: int, facts: Facts) -> Decision | Refusal:
    """Fires a clock that has run out: what the runner does. A clock that no longer runs is refused, never fired twice."""
    work = Work(procedure, facts)
    work.matters[matter.id] = matter
    armed = matter.deadlines.get(key)
    if armed is None or armed.occurrence != occurrence or armed.status != "pending":
        work.reasons.append(Reason("lapse.not_running", {"title": lapses.title(procedure, key)}))
    elif armed.met_by(facts.now):
        work.reasons.append(Reason("lapse.not_due", {"title": lapses.title(procedure, key)}))
    else:
        # an earlier clock of the same matter goes first, so that effects keep the order of time
        matter = lapses.settle(work, procedure, matter, armed.due_at)
        still = matter.deadlines.get(key)
        if still is not None and still.occurrence == occurrence and still.status == "pending":
            lapses.fire(work, procedure, matter, still)
    _carry_on(work)
    return work.answer(f"lapse:{key}")


def _carry_on(work: Work) -> None:
    """Follow-on acts, to the end. One that is refused refuses the whole."""
    done = 0
    while work.following and not work.reasons:
        done += 1
        if done > MOST_FOLLOWING:
            raise RecursionError("follow-on acts run in a circle")
        follow = work.following.popleft()
        matter = work.matter(follow.matter)
        procedure = work.procedure_of(matter) if matter is not None else None
        if matter is None or procedure is None:
            work.reasons.append(Reason("relation.not_loaded", {"matter": follow.matter}))
            return
        actor = follow.actor if follow.actor.id != CLOCK_ACTOR.id else replace(follow.actor, system="clock")
        perform(work, procedure, matter, follow.command, actor, cause=follow.cause)
