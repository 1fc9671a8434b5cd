"""Ties between matters: children opened and closed, relations made, acts fanned out, and all that follows from an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from guangyue.kernel.command import KERNEL_ACTOR, Actor, Command
from guangyue.kernel.matter import ChildRef, Matter
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import relation_of, slots
from guangyue.kernel.work import Work, told, values_for

if TYPE_CHECKING:
    from guangyue.kernel.act import Draft
    from guangyue.kernel.context import Context
    from guangyue.kernel.decision import Entry
    from guangyue.kernel.grammar.actions import Action
    from guangyue.kernel.procedure import Procedure


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
        draft.children += refs
    if kind := relation_of(action):
        ids = tuple(dict.fromkeys(command.related.get(kind, ())))
        draft.reasons += _relation_faults(work, context, kind, ids)
        draft.relations += tuple((kind, i) for i in ids if i not in matter.related(kind))
    if kind := action.unrelates:
        ids = tuple(dict.fromkeys(command.related.get(kind, ())))
        title = procedure.relation(kind).title
        if not ids:
            draft.reasons.append(Reason("relation.none", {"title": title}))
        for other in ids:
            if other not in matter.related(kind):
                draft.reasons.append(Reason("relation.not_tied", {"matter": other, "title": title}))
            elif work.matter(other) is None:
                draft.reasons.append(Reason("relation.not_loaded", {"matter": other}))
        draft.unties += tuple((kind, i) for i in ids)


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
    for slot in slots(action):
        child = procedure.child(slot)
        inner = work.named(child.procedure)
        if inner is None:
            continue
        ids = [c.id for c in entry.children if c.slot == slot]
        for id_, values in zip(ids, command.items[slot], strict=True):
            work.matters[id_] = Matter(id=id_, procedure=inner.code, version=inner.version, parent=matter.id)
            work.follow(id_, bare(command, child.opening, values), actor, entry)
    for kind, other in entry.relations:
        if (related := work.matter(other)) is not None:
            told(work, related, f"related:{kind}", command, entry, relations=((f"{kind}_of", matter.id),))
    for kind, other in entry.unties:
        if (related := work.matter(other)) is not None:
            told(work, related, f"unrelated:{kind}", command, entry, unties=((f"{kind}_of", matter.id),))
    for fan in action.fans_out:
        for other in matter.related(fan.relation):
            _fan_out(work, other, bare(command, fan.act, command.values), actor, entry)
    if matter.parent and (entry.closes or entry.before in procedure.tables.outcomes):
        tell_parent(work, matter, command, entry)


def _fan_out(work: Work, other: str, command: Command, actor: Actor, entry: Entry) -> None:
    """Carries an act to a related matter; one that is closed, and stays so, is passed over."""
    related = work.matter(other)
    inner = work.procedure_of(related) if related is not None else None
    if related is not None and inner is not None:
        if related.closed and inner.tables.steps.get(command.act, {}).get(related.state) is None:
            return
        command = replace(command, values=values_for(inner.tables.forms.get(command.act, {}), command))
    work.follow(other, command, actor, entry)


def bare(command: Command, act: str, values: Mapping[str, object]) -> Command:
    """A follow-on act with the times of the first one and values of its own; evidence and choices do not go along."""
    return Command(act=act, received_at=command.received_at, observed_at=command.observed_at, values=values)


def tell_parent(work: Work, matter: Matter, command: Command, entry: Entry) -> None:
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
    fresh = replace(known, state=matter.state, closed=matter.closed)
    after = told(work, parent, f"child:{known.slot}", command, entry, children=(fresh,))
    if after is None or not matter.closed:
        return
    siblings = after.children_of(known.slot)
    for then in procedure.child(known.slot).then:
        counts = [c.closed and (not then.closed_as or c.state in then.closed_as) for c in siblings]
        # ``any`` asks about this one: those that closed earlier have had their say
        due = all(counts) if then.when == "all" else not then.closed_as or matter.state in then.closed_as
        if due:
            work.follow(parent.id, bare(command, then.act, {}), KERNEL_ACTOR, entry, optional=True)
