"""What must be true before an act: checklist items, signatures, witnesses, expired terms, what was done before.

Each requirement may be conditional (``when``) and answers with reasons in words when it is not met. What the law asks
of the actor and the fine is in ``guangyue.kernel.grammar.lawful``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.conditions import Condition
from guangyue.kernel.reasons import Reason
from guangyue.kernel.wording import clock_text
from guangyue.law import Text
from guangyue.law.override import override

if TYPE_CHECKING:
    from guangyue.kernel.context import Context
    from guangyue.kernel.matter import Armed

MET: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement(Element):
    """Base of all requirements."""

    def unmet(self, context: Context) -> tuple[Reason, ...]:
        """Why it is not met: every reason, or none."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Sometimes(Requirement):
    """A requirement that may be conditional: ``when`` it does not hold, nothing is asked."""

    @override
    def unmet(self, context: Context) -> tuple[Reason, ...]:
        when: Condition | None = getattr(self, "when", None)
        if when is not None and not when.holds(context):
            return MET
        reason = self.lacking(context)
        return MET if reason is None else (reason,)

    def lacking(self, context: Context) -> Reason | None:
        """Why it is not met once it is asked, or nothing."""
        raise NotImplementedError


def ends(armed: Armed) -> Text:
    """When a clock runs out, as the city's clocks show it."""
    return clock_text(armed.due_at, inclusive=armed.inclusive)


@dataclass(frozen=True, slots=True)
class Checked(Sometimes):
    """A checklist item (清单项) that somebody ticked, now or earlier."""

    code: str
    title: Text
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        if self.code in context.command.checks or self.code in context.matter.checks:
            return None
        return Reason("requires.check", {"title": self.title})


@dataclass(frozen=True, slots=True)
class Issued(Sometimes):
    """A paper was issued (and signed, where it must be signed)."""

    paper: str
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        paper = context.procedure.paper(self.paper)
        status = context.matter.papers.get(self.paper)
        if status is None:
            return Reason("requires.paper", {"title": paper.title})
        if paper.signed_by is not None and status != "signed":
            return Reason("requires.signature", {"title": paper.title, "who": context.names(paper.signed_by)})
        return None


@dataclass(frozen=True, slots=True)
class Present(Sometimes):
    """A person in a certain capacity is there: a notary, a witness, the neighbourhood committee."""

    code: str
    title: Text
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        return None if self.code in context.command.present else Reason("requires.present", {"title": self.title})


@dataclass(frozen=True, slots=True)
class Expired(Sometimes):
    """A term has run out: what may only follow it cannot come before."""

    deadline: str
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        armed = context.matter.deadlines.get(self.deadline)
        title = context.procedure.deadline(self.deadline).title
        if armed is None:
            return Reason("requires.never_ran", {"title": title})
        if armed.status == "suspended":
            return Reason("requires.paused", {"title": title})
        if not armed.met_by(context.observed_at):
            return None
        return Reason("requires.expired", {"title": title, "until": ends(armed)})


@dataclass(frozen=True, slots=True)
class Running(Sometimes):
    """A term has not run out yet: an objection in time, an appeal in time."""

    deadline: str
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        armed = context.matter.deadlines.get(self.deadline)
        title = context.procedure.deadline(self.deadline).title
        if armed is None:
            return Reason("requires.never_ran", {"title": title})
        if armed.status == "suspended" or armed.met_by(context.observed_at):
            return None
        return Reason("requires.running", {"title": title, "until": ends(armed)})


@dataclass(frozen=True, slots=True)
class Done(Sometimes):
    """Another act was done before, at least so often."""

    act: str
    times: int = 1
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        given = context.matter.times(self.act)
        if given >= self.times:
            return None
        title = context.procedure.action(self.act).title
        return Reason("requires.done", {"title": title, "times": self.times, "given": given})


@dataclass(frozen=True, slots=True)
class Holds(Sometimes):
    """Any condition, with the sentence to say when it does not hold."""

    condition: Condition
    otherwise: Text

    @override
    def lacking(self, context: Context) -> Reason | None:
        return None if self.condition.holds(context) else Reason("requires.condition", {"title": self.otherwise})


@dataclass(frozen=True, slots=True)
class TaskDone(Sometimes):
    """A task was finished; one that was called back does not count."""

    task: str
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        tasks = [t for t in context.matter.tasks if t.code == self.task and t.status != "cancelled"]
        if tasks and all(t.status == "done" for t in tasks):
            return None
        return Reason("requires.task", {"title": context.procedure.task(self.task).title})


@dataclass(frozen=True, slots=True)
class ChildrenClosed(Sometimes):
    """The sub-matters of a slot are all closed (and there is at least one)."""

    slot: str
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        children = context.matter.children_of(self.slot)
        still_open = sum(1 for c in children if not c.closed)
        title = context.procedure.child(self.slot).title
        if not children:
            return Reason("requires.no_children", {"title": title})
        return Reason("requires.children", {"title": title, "open": still_open}) if still_open else None


@dataclass(frozen=True, slots=True)
class Related(Sometimes):
    """So many matters are tied by a relation, those that this act ties included."""

    kind: str
    at_least: int = 1
    when: Condition | None = None

    @override
    def lacking(self, context: Context) -> Reason | None:
        tied = {*context.matter.related(self.kind), *context.command.related.get(self.kind, ())}
        if len(tied) >= self.at_least:
            return None
        title = context.procedure.relation(self.kind).title
        return Reason("requires.related", {"title": title, "needed": self.at_least, "given": len(tied)})
