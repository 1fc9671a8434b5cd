"""Moving a matter to a new version of its procedure: proposed by one person, approved by another (规程版本变更).

A matter stays on the version that opened it until two people agree that it should not. The new version says which older
one it follows, which state becomes which, and who may decide (:class:`~guangyue.kernel.grammar.versions.Succeeds`).
Clocks that both versions know keep running under the rule that started them; the others stop; what the new version
asks for in the new state starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.context import Context, fits
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.evolve import PROPOSAL
from guangyue.kernel.judge import believed, times
from guangyue.kernel.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.kernel.command import Command
    from guangyue.kernel.grammar.versions import Succeeds
    from guangyue.kernel.matter import Armed, Matter
    from guangyue.kernel.procedure import Procedure
    from guangyue.kernel.work import Work

APPROVAL = "version.approve"
ACTS = frozenset({PROPOSAL, APPROVAL})
"""The acts on versions that every procedure has. ``values``: ``to``, the version, and for the proposal ``reason``."""

KNOWN = {PROPOSAL: frozenset({"to", "reason"}), APPROVAL: frozenset({"to"})}


def perform(work: Work, procedure: Procedure, matter: Matter, command: Command) -> None:
    """Proposes a change of version, or approves and carries it out."""
    context = Context(procedure, matter, command, work.facts, work.facts.actor, believed(command))
    to = command.values.get("to")
    new = work.named(procedure.code, to) if isinstance(to, int) and to > 0 else None
    succeeds = next((s for s in new.succeeds if s.version == procedure.version), None) if new is not None else None
    if new is None or succeeds is None:
        work.reasons.append(Reason("version.unknown", {"to": str(to)}, field="to"))
        return
    reasons = [*times(context), *_people(context, succeeds), *_answers(context), *_mapped(context, new, succeeds)]
    proposal = f"{PROPOSAL}:{to}"
    if command.act == APPROVAL and not matter.times(proposal):
        reasons.append(Reason("version.not_proposed"))
    if reasons:
        work.reasons += reasons
        return
    state = succeeds.states.get(matter.state, matter.state)
    stops, arms, faults = _clocks(context, new, state) if command.act == APPROVAL else ((), (), [])
    if faults:
        work.reasons += faults
        return
    approving = command.act == APPROVAL
    follows = new if approving else procedure
    work.add(
        matter,
        Entry(
            matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=follows.version,
            digest=follows.digest, kind="version" if approving else "act", act=APPROVAL if approving else proposal, actor=context.actor.id,
            role=next(w.name for w in succeeds.by if fits(w, context.actor, matter)), agency=context.actor.agency,
            unit=context.actor.unit, observed_at=context.observed_at, decided_at=work.facts.now, before=matter.state,
            after=state if approving else matter.state, closes=matter.closed, values=dict(command.values),
            stops=stops, arms=arms,
        ),
    )  # fmt: skip


def _people(context: Context, succeeds: Succeeds) -> Iterator[Reason]:
    if not any(fits(w, context.actor, context.matter) for w in succeeds.by):
        yield Reason("who.not_allowed", {"act": succeeds.title, "who": context.names(*succeeds.by)})
    proposal = f"{PROPOSAL}:{context.command.values.get('to')}"
    if context.command.act == APPROVAL and context.actor.id in context.matter.doers.get(proposal, ()):
        yield Reason("version.same_person")


def _answers(context: Context) -> Iterator[Reason]:
    values, act = context.command.values, context.command.act
    for name in values.keys() - KNOWN[act]:
        yield Reason("value.unknown", {"name": name}, field=name)
    reason = values.get("reason", "")
    if act == PROPOSAL and not (isinstance(reason, str) and reason.strip()):
        yield Reason("task.no_reason", field="reason")


def _mapped(context: Context, new: Procedure, succeeds: Succeeds) -> Iterator[Reason]:
    """What the matter holds and the new version does not know."""
    matter, old = context.matter, context.procedure
    state = succeeds.states.get(matter.state, matter.state)
    if state not in new.tables.states or (state in new.tables.outcomes) != matter.closed:
        yield Reason("version.unmapped", {"what": old.state(matter.state).title})
    for task in matter.tasks:
        if task.status == "open" and task.code not in new.tables.tasks:
            yield Reason("version.unmapped", {"what": old.task(task.code).title})
    for slot in dict.fromkeys(c.slot for c in matter.children):
        if slot not in new.tables.children:
            yield Reason("version.unmapped", {"what": old.child(slot).title})
    for kind in dict.fromkeys(k for k, _ in matter.relations):
        if kind in old.tables.relations and kind not in new.tables.relations:
            yield Reason("version.unmapped", {"what": old.relation(kind).title})


def _clocks(context: Context, new: Procedure, state: str) -> tuple[tuple[Stop, ...], tuple[Armed, ...], list[Reason]]:
    matter, at = context.matter, context.observed_at
    stops: list[Stop] = []
    kept: set[str] = set()
    for key, armed in matter.deadlines.items():
        deadline = new.tables.deadlines.get(key)
        if key.startswith("task:") or armed.status not in clocks.ALIVE:
            continue
        if deadline is not None and state in deadline.during:
            kept.add(key)
            if armed.status in clocks.RUNNING and armed.status != clocks.status_of(deadline):
                stops.append(Stop(key, armed.occurrence, clocks.status_of(deadline)))
        else:
            stops.append(Stop(key, armed.occurrence, "cancelled"))
    arms: list[Armed] = []
    faults: list[Reason] = []
    for key, deadline in new.tables.deadlines.items():
        if key in kept or state not in deadline.during or deadline.starts_on or key in matter.deadlines:
            continue
        made = clocks.arm(deadline, key, 1, at, context.facts, matter.fields)
        if isinstance(made, Reason):
            faults.append(made)
        else:
            arms.append(made)
    return tuple(stops), tuple(arms), faults
