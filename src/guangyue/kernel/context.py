"""What requirements and conditions may look at while one act is being judged."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from guangyue.kernel.command import Actor, Command, Facts
from guangyue.kernel.grammar.who import Who
from guangyue.kernel.matter import Matter
from guangyue.kernel.wording import listed
from guangyue.law import Text

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure


class Context:
    """One act on one matter: who, what, when, and all that is known."""

    __slots__ = ("actor", "command", "facts", "matter", "observed_at", "procedure")

    def __init__(
        self, procedure: Procedure, matter: Matter, command: Command, facts: Facts, actor: Actor, observed_at: datetime
    ) -> None:
        self.procedure: Final = procedure
        self.matter: Final = matter
        self.command: Final = command
        self.facts: Final = facts
        self.actor: Final = actor
        self.observed_at: Final = observed_at

    def on(self, matter: Matter) -> Context:
        """The same act on the matter as it stands by now."""
        return Context(self.procedure, matter, self.command, self.facts, self.actor, self.observed_at)

    def bare(self) -> Context:
        """The same act without anything it brought."""
        command = Command(act=self.command.act, received_at=self.observed_at)
        return Context(self.procedure, self.matter, command, self.facts, self.actor, self.observed_at)

    def value(self, name: str) -> object:
        """An answer of the form at hand, else the matter's field, else nothing."""
        values = self.command.values
        return values[name] if name in values else self.matter.fields.get(name)

    def title_of(self, name: str) -> Text:
        """What a clerk reads above a value."""
        tables = self.procedure.tables
        if name in tables.fields:
            return tables.fields[name].title
        question = tables.forms.get(self.command.act, {}).get(name)
        return question.field.title if question is not None else Text(name, name)

    def officers(self) -> int:
        """How many qualified officers act together: the actor, and colleagues who themselves may do it."""
        action = self.procedure.tables.actions.get(self.command.act)
        known, named = self.facts.colleagues, dict.fromkeys(self.command.officers)
        others = [known[o] for o in named if o in known and o != self.actor.id]
        return 1 + sum(any(fits(w, o, self.matter) for w in (action.by if action is not None else ())) for o in others)

    def names(self, *whos: Who) -> Text:
        """Who is meant, in words."""
        return listed(w.title for w in whos)


def fits(who: Who, actor: Actor, matter: Matter) -> bool:
    """Whether an actor is one of those meant."""
    match who.kind:
        case "role":
            return (
                who.code in actor.roles
                and (not who.agency or who.agency == actor.agency)
                and (not who.levels or actor.level in who.levels)
                and (not who.holder or (matter.holder in {actor.unit, actor.agency} and matter.holder != ""))
            )
        case "party":
            return who.code in actor.parties
        case "system":
            return who.code == actor.system
        case _:
            return True
