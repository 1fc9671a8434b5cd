"""Whether an act may be done: everything that speaks against it, said at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from guangyue.kernel import forms
from guangyue.kernel.command import Command
from guangyue.kernel.context import Context, fits
from guangyue.kernel.forms import SKEW
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.grammar.verbs import Resume
from guangyue.kernel.grammar.who import Who
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import NOWHERE, Step, relation_of, slots
from guangyue.kernel.wording import listed

APART = timedelta(minutes=2)
"""How far the stated time may lie from the photographs that prove it."""

DEVICE_WAIT = timedelta(minutes=30)
"""How long an irreversible act waits for field devices that have not synced (design: two times per command)."""


def place_in_table(context: Context, action: Action, step: Step | None) -> Iterator[Reason]:
    """Whether the act is possible in the matter's state."""
    matter, procedure = context.matter, context.procedure
    if step is not None:
        resumes = isinstance(action.verb, Resume) and not action.verb.deadlines
        if matter.suspended and not action.while_suspended and not resumes:
            yield Reason("state.suspended", {"act": action.title})
        if resumes and not matter.suspended:
            yield Reason("state.not_suspended")
        return
    if matter.state == NOWHERE:
        yield Reason("act.not_opening", {"act": action.title})
    elif action.opens:
        yield Reason("act.already_open", {"act": action.title})
    elif matter.closed:
        yield Reason("state.closed", {"act": action.title, "state": procedure.state(matter.state).title})
    else:
        possible = [s for s, found in procedure.tables.steps[action.code].items() if found is not None and s]
        titles = listed(procedure.state(s).title for s in possible)
        yield Reason(
            "state.wrong", {"act": action.title, "state": procedure.state(matter.state).title, "states": titles}
        )


def people(context: Context, action: Action, capacity: Who | None) -> Iterator[Reason]:
    """Whether this person may do it."""
    actor, matter = context.actor, context.matter
    if capacity is None:
        yield Reason("who.not_allowed", {"act": action.title, "who": context.names(*action.by)})
    for earlier in action.unless_same_person_as:
        if actor.id in matter.doers.get(earlier, ()):
            title = context.procedure.action(earlier).title
            yield Reason("who.same_person", {"act": action.title, "earlier": title})
    if action.officers > 1:
        present = context.officers()
        if present < action.officers:
            yield Reason("who.too_few_officers", {"act": action.title, "needed": action.officers, "present": present})


def capacity_of(context: Context, action: Action) -> Who | None:
    """In which capacity the actor does it."""
    for who in action.by:
        if fits(who, context.actor, context.matter):
            return who
    return None


def times(context: Context) -> list[Reason]:
    """Whether the stated time can be believed: sign-in, capture and opening bound it."""
    command, observed = context.command, context.observed_at
    if command.observed_at is None:
        return []
    faults: list[str] = []
    if observed > command.received_at:
        faults.append("time.future")
    signed_in = context.actor.signed_in_at
    if signed_in is not None and observed < signed_in - SKEW:
        faults.append("time.before_sign_in")
    if command.evidence:
        taken = [p.taken_at for p in command.evidence if p.taken_at is not None]
        if taken and not (min(taken) - APART <= observed <= max(taken) + APART):
            faults.append("time.apart_from_evidence")
    passages = context.matter.passages
    if passages and observed < passages[0].at:
        faults.append("time.before_opening")
    return [Reason(code, {"observed": observed}) for code in faults]


def devices(context: Context, action: Action) -> Iterator[Reason]:
    """An act that nothing can undo waits for what phones may still have to tell."""
    facts, passages = context.facts, context.matter.passages
    if action.irreversible and facts.waiting_devices and passages and facts.now - passages[-1].at < DEVICE_WAIT:
        yield Reason("time.waiting_for_devices", {"minutes": int(DEVICE_WAIT.total_seconds() // 60)})


def stray(context: Context, action: Action) -> Iterator[Reason]:
    """What a command brings and nothing asks for: it would stand in the record without meaning anything."""
    command, tables = context.command, context.procedure.tables
    names = [*(command.checks - tables.checks), *(command.present - tables.present)]
    names += command.assign.keys() - set(action.tasks)
    names += command.items.keys() - set(slots(action))
    names += command.related.keys() - {relation_of(action), action.unrelates}
    for name in sorted(names):
        yield Reason("act.stray", {"act": action.title, "name": name})


def signature(context: Context, action: Action) -> Iterator[Reason]:
    """A paper must exist before it is signed."""
    if action.signs and action.signs not in context.matter.papers:
        yield Reason("paper.not_issued", {"title": context.procedure.paper(action.signs).title})


def believed(command: Command) -> datetime:
    """When it happened, with a phone's small lead over our clock taken away; in UTC, as the clocks' ends are.

    Moments of one zone compare several times quicker than moments of two.
    """
    observed = command.observed_at
    if observed is None or command.received_at < observed <= command.received_at + SKEW:
        observed = command.received_at
    return observed if observed.tzinfo is UTC else observed.astimezone(UTC)


def against(context: Context, action: Action, step: Step | None, capacity: Who | None) -> list[Reason]:
    """Everything that speaks against the act, work and ties to other matters aside.

    Each kind of question is put only where the act or the command gives cause for it.
    """
    command = context.command
    reasons: list[Reason] = []
    if step is None or context.matter.suspended or action.verb is not None:
        reasons += place_in_table(context, action, step)
    if capacity is None or action.unless_same_person_as or action.officers > 1:
        reasons += people(context, action, capacity)
    if command.observed_at is not None:
        reasons += times(context)
    if action.irreversible:
        reasons += devices(context, action)
    form = context.procedure.tables.forms[action.code]
    if form or command.values:
        reasons += forms.answers(context, form)
    if action.evidence or command.evidence:
        reasons += forms.evidence(context, action)
    if command.checks or command.present or command.assign or command.items or command.related:
        reasons += stray(context, action)
    for requirement in action.requires:
        reasons += requirement.unmet(context)
    if action.signs:
        reasons += signature(context, action)
    return reasons
