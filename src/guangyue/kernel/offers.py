"""What somebody could do next: the buttons of a matter's page, with the reasons of those that stay grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.kernel import judge
from guangyue.kernel.command import Command, Facts
from guangyue.kernel.context import Context
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.matter import Matter
from guangyue.kernel.reasons import Reason

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Offer:
    """An action of the present state.

    Attributes:
        action: the declaration.
        reasons: what speaks against it for this actor now, apart from what the form will ask; none: go ahead.
        mine: the actor has the role for it, so that a reason is worth showing instead of hiding the action.
    """

    action: Action
    reasons: tuple[Reason, ...]
    mine: bool

    @property
    def open(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


def offers(procedure: Procedure, matter: Matter, facts: Facts) -> tuple[Offer, ...]:
    """The actions of the matter's state in the order of the declaration; those of machines are left out.

    Requirements that the act itself brings along (a tick, a witness) do not count against it beforehand.
    """
    found: list[Offer] = []
    for action in procedure.actions:
        step = procedure.tables.steps[action.code].get(matter.state)
        if step is None or all(w.kind == "system" for w in action.by):
            continue
        known = frozenset(code for r in action.requires if (code := getattr(r, "code", "")))
        command = Command(act=action.code, received_at=facts.now, checks=known, present=known)
        context = Context(procedure, matter, command, facts, facts.actor, facts.now)
        capacity = judge.capacity_of(context, action)
        mine = capacity is not None
        people = tuple(r for r in judge.people(context, action, capacity) if r.code != "who.too_few_officers")
        table = tuple(judge.place_in_table(context, action, step))
        needs = tuple(reason for r in action.requires for reason in r.unmet(context)) if mine else ()
        found.append(Offer(action, (*table, *people, *judge.devices(context, action), *needs), mine))
    return tuple(found)
