"""One act on one matter: judged, and turned into an entry with all that goes with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guangyue.kernel import clocks, follow, lapse, tasks
from guangyue.kernel.command import Actor, Command
from guangyue.kernel.context import Context
from guangyue.kernel.decision import Entry
from guangyue.kernel.entries import clock_changes, closing, counted
from guangyue.kernel.forms import papers
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.grammar.papers import Paper
from guangyue.kernel.grammar.verbs import Extend, Resume, Suspend, Transfer
from guangyue.kernel.judge import against, believed, role_of
from guangyue.kernel.matter import Matter
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import NOWHERE, Step
from guangyue.kernel.work import Work

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


@dataclass(slots=True)
class Draft:
    """What an entry will hold, and what speaks against it."""

    reasons: list[Reason] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)

    def extend(self, name: str, values: tuple[Any, ...]) -> None:
        """Adds to one of the entry's lists."""
        if values:
            self.parts[name] = (*self.parts.get(name, ()), *values)


def perform(
    work: Work, procedure: Procedure, matter: Matter, command: Command, actor: Actor, cause: str = ""
) -> Matter | None:
    """Judges an act and adds its entry; on refusal the work holds the reasons."""
    action = procedure.tables.actions.get(command.act)
    if action is None:
        work.refuse([Reason("act.unknown", {"act": command.act})], matter, inner=bool(cause))
        return None
    observed = believed(command)
    late: list[Reason] = []
    if matter.passages and observed <= matter.passages[-1].at:
        back = lapse.overtaken(procedure, matter, command.act, observed)
        if back is not None:
            trial = Work(procedure, work.facts)
            again = lapse.reinstate(trial, procedure, matter, command, actor, back)
            if not _judged(work, procedure, again, command, action, actor)[0].reasons:
                matter = lapse.reinstate(work, procedure, matter, command, actor, back)
        elif observed < matter.passages[-1].at:
            late = _too_late(procedure, matter, action, observed.isoformat())
    draft, issued, step = _judged(work, procedure, matter, command, action, actor)
    draft.reasons += late
    if draft.reasons or step is None:
        work.refuse(draft.reasons, matter, inner=bool(cause))
        return None
    entry = _entry(work, procedure, matter, command, action, actor, step, draft, issued, cause)
    after = work.add(matter, entry)
    follow.after_act(work, procedure, after, action, command, actor, entry)
    return after


def _too_late(procedure: Procedure, matter: Matter, action: Action, observed: str) -> list[Reason]:
    """A change of state cannot be observed before the state it starts from was entered."""
    if action.repeat:
        return []
    last = matter.passages[-1]
    if procedure.tables.steps[action.code][matter.state] is None:
        code = last.by.removeprefix("act:")
        if last.by.startswith("act:") and code in procedure.tables.actions:
            return [Reason("time.contradicted", {"act": procedure.action(code).title})]
        return []
    at = next((p for p in reversed(matter.passages) if p.at.isoformat() <= observed), matter.passages[0])
    state = procedure.state(at.state).title
    return [Reason("time.before_state", {"observed": observed, "state": state, "act": action.title})]


def _judged(
    work: Work, procedure: Procedure, matter: Matter, command: Command, action: Action, actor: Actor
) -> tuple[Draft, tuple[Paper, ...], Step | None]:
    """Everything that speaks against the act, and the parts of its entry."""
    observed = believed(command)
    context = Context(procedure, matter, command, work.facts, actor, observed)
    step = procedure.tables.steps[action.code].get(matter.state)
    draft = Draft(against(context, action, step))
    issued: tuple[Paper, ...] = ()
    if action.documents:
        issued, lacking = papers(context, action)
        draft.reasons += lacking
    if step is None:
        return draft, issued, None
    if step.stops or step.starts or step.meets:
        stops, arms, faults = clock_changes(context, step, observed)
        draft.extend("stops", stops)
        draft.extend("arms", arms)
        draft.reasons += faults
    if step.closes and matter.tasks:
        ended, hop_stops = closing(procedure, matter, closes=True)
        draft.extend("tasks", ended)
        draft.extend("stops", hop_stops)
    if action.verb is not None:
        _verb(context, action, draft)
    if action.tasks:
        tasks.opened(context, action, draft)
    if action.children or action.relates or action.verb is not None:
        follow.ties(work, context, action, draft)
    if step.counts:
        draft.parts["counts"] = counted(context, step.counts, 1)
    return draft, issued, step


def _verb(context: Context, action: Action, draft: Draft) -> None:
    verb, matter = action.verb, context.matter
    tables = context.procedure.tables
    if isinstance(verb, Extend):
        made = clocks.extend(matter, verb, context.procedure.deadline(verb.deadline), context.facts)
        if isinstance(made, Reason):
            draft.reasons.append(made)
        else:
            draft.extend("stops", (made[0],))
            draft.extend("arms", (made[1],))
    elif isinstance(verb, Suspend):
        keys = verb.deadlines or tuple(matter.deadlines)
        draft.extend("stops", tuple(clocks.suspend(matter, keys, context.observed_at, context.facts)))
        draft.parts["suspends"] = True
    elif isinstance(verb, Resume):
        draft.extend("arms", tuple(clocks.resume(matter, tables.deadlines, context.observed_at, context.facts)))
        draft.parts["suspends"] = False
    elif isinstance(verb, Transfer):
        unit = context.command.values.get("unit")
        if unit == matter.holder:
            draft.reasons.append(Reason("transfer.same_unit", field="unit"))
        draft.parts["holder"] = unit


def _entry(
    work: Work, procedure: Procedure, matter: Matter, command: Command, action: Action, actor: Actor, step: Step,
    draft: Draft, issued: tuple[Paper, ...], cause: str,
) -> Entry:  # fmt: skip
    parts = draft.parts
    if command.values:
        form = procedure.tables.forms[action.code]
        parts["sets"] = {k: v for k, v in command.values.items() if form[k].sets}
        parts["values"] = {k: v for k, v in command.values.items() if not form[k].sets}
    if action.hands_over_to:
        parts["holder"] = action.hands_over_to
    elif step.before == NOWHERE and "holder" not in parts:
        parts["holder"] = actor.unit or actor.agency
    if matter.seq == 0 and matter.parent:
        parts["parent"] = matter.parent
    context = Context(procedure, matter, command, work.facts, actor, believed(command))
    who = role_of(action, context)
    if matter.suspended and step.closes:
        parts["suspends"] = False
    return Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=procedure.version,
        digest=procedure.digest, kind="act", act=action.code, actor=actor.id, role=who.name if who else "",
        agency=actor.agency, unit=actor.unit, observed_at=context.observed_at, decided_at=work.facts.now,
        before=step.before, after=step.after, closes=step.closes, cause=cause, evidence=command.evidence,
        checks=command.checks, present=command.present, officers=command.officers, papers=issued, signed=action.signs,
        notices=action.notices, sends=action.sends, basis=action.law.zh if action.law else "",
        **parts,
    )  # fmt: skip
