"""Ties between matters: children opened and closed, relations made, acts fanned out, and all that follows from an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from guangyue.kernel.command import Actor, Command
from guangyue.kernel.context import Context
from guangyue.kernel.decision import Entry
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.grammar.verbs import Merge, Split
from guangyue.kernel.matter import ChildRef, Matter
from guangyue.kernel.reasons import Reason
from guangyue.kernel.work import Work, told, values_for

if TYPE_CHECKING:
    from guangyue.kernel.act import Draft
    from guangyue.kernel.procedure import Procedure


def slots(action: Action) -> tuple[str, ...]:
    """The slots in which an act opens sub-matters."""
    return (*action.children, action.verb.child) if isinstance(action.verb, Split) else action.children


def relation_of(action: Action) -> str:
    """The relation an act adds to."""
    return action.verb.relation if isinstance(action.verb, Merge) else action.relates


def child_id(matter: Matter, slot: str, number: int) -> str:
    """The id of a sub-matter: its parent's, the slot, and a running number."""
    return f"{matter.id}.{slot}.{number}"


def ties(work: Work, context: Context, action: Action, draft: Draft) -> None:
    """Children and relations of an act: judged, and written into its entry."""
    matter, procedure, command = context.matter, context.procedure, context.command
    for slot in slots(action):
        child = procedure.child(slot)
        items = command.items.get(slot, ())
        inner = work.named(child.procedure)
        if not items:
            draft.reasons.append(Reason("child.no_items", {"title": child.title}))
        if inner is None:
            draft.reasons.append(Reason("child.procedure_missing", {"code": child.procedure}))
            continue
        state = inner.action(child.opening).opens
        known = len(matter.children_of(slot))
        refs = tuple(
            ChildRef(slot, child_id(matter, slot, known + n), state, closed=False) for n in range(1, len(items) + 1)
        )
        draft.extend("children", refs)
    kind = relation_of(action)
    if kind:
        ids = tuple(dict.fromkeys(command.related.get(kind, ())))
        draft.reasons += _relation_faults(work, context, kind, ids)
        draft.extend("relations", tuple((kind, i) for i in ids if i not in matter.related(kind)))


def _relation_faults(work: Work, context: Context, kind: str, ids: tuple[str, ...]) -> list[Reason]:
    relation = context.procedure.relation(kind)
    reasons: list[Reason] = []
    if not ids:
        reasons.append(Reason("relation.none", {"title": relation.title}))
    if not relation.many and len({*ids, *context.matter.related(kind)}) > 1:
        reasons.append(Reason("relation.one_only", {"title": relation.title}))
    for other in ids:
        matter = work.matter(other)
        if other == context.matter.id:
            reasons.append(Reason("relation.itself"))
        elif matter is None:
            reasons.append(Reason("relation.not_loaded", {"matter": other}))
        elif matter.procedure not in relation.to:
            reasons.append(Reason("relation.wrong_procedure", {"matter": other}))
    return reasons


def after_act(
    work: Work, procedure: Procedure, matter: Matter, action: Action, command: Command, actor: Actor, entry: Entry
) -> None:
    """What follows from an act: sub-matters opened, related matters told and moved, the parent told."""
    cause = f"{entry.matter}#{entry.seq}"
    for slot in slots(action):
        child = procedure.child(slot)
        inner = work.named(child.procedure)
        if inner is None:
            continue
        ids = [c.id for c in entry.children if c.slot == slot]
        for id_, values in zip(ids, command.items[slot], strict=True):
            work.matters[id_] = Matter(id=id_, procedure=inner.code, version=inner.version, parent=matter.id)
            opening = bare(command, child.opening, values)
            work.follow(id_, opening, actor, cause)
    for kind, other in entry.relations:
        related = work.matter(other)
        if related is not None:
            told(work, related, f"related:{kind}", command, actor, cause, relations=((f"{kind}_of", matter.id),))
    for fan in action.fans_out:
        for other in matter.related(fan.relation):
            related = work.matter(other)
            inner = work.procedure_of(related) if related is not None else None
            form = inner.tables.forms.get(fan.act, {}) if inner is not None else {}
            work.follow(other, bare(command, fan.act, values_for(form, command)), actor, cause)
    if matter.parent and (entry.closes or entry.before in procedure.tables.outcomes):
        tell_parent(work, matter, command, actor, entry)


def bare(command: Command, act: str, values: Mapping[str, object]) -> Command:
    """A follow-on act with the times of the first one and values of its own; evidence and choices do not go along."""
    return Command(act=act, received_at=command.received_at, observed_at=command.observed_at, values=values)


def tell_parent(work: Work, matter: Matter, command: Command, actor: Actor, entry: Entry) -> None:
    """A sub-matter has closed (or is open again): its parent is told, and follows when its declaration says so."""
    if not matter.parent:
        return
    parent = work.matter(matter.parent)
    procedure = work.procedure_of(parent) if parent is not None else None
    if parent is None or procedure is None:
        work.reasons.append(Reason("relation.not_loaded", {"matter": matter.parent}))
        return
    known = next((c for c in parent.children if c.id == matter.id), None)
    if known is None:
        return
    cause = f"{entry.matter}#{entry.seq}"
    fresh = replace(known, state=matter.state, closed=matter.closed)
    parent = told(work, parent, f"child:{known.slot}", command, actor, cause, children=(fresh,))
    child = procedure.child(known.slot)
    if not child.then or not matter.closed or parent.closed:
        return
    states = [c.closed for c in parent.children_of(known.slot)]
    if child.closes == "any" or (child.closes == "all" and all(states)):
        work.follow(parent.id, bare(command, child.then, {}), actor, cause)
