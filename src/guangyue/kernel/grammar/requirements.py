"""What must be true before an act: checklist items, signatures, witnesses, expired terms, competence.

Each requirement may be conditional (``when``) and answers with a reason in words when it is not met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.conditions import Condition
from guangyue.kernel.reasons import Reason
from guangyue.law import Text
from guangyue.law.override import override

if TYPE_CHECKING:
    from guangyue.kernel.context import Context


@dataclass(frozen=True, slots=True)
class Requirement(Element):
    """Base of all requirements."""

    def unmet(self, context: Context) -> Reason | None:
        """Why it is not met, or nothing."""
        raise NotImplementedError


def asked(when: Condition | None, context: Context) -> bool:
    """Whether a conditional requirement applies."""
    return when is None or when.holds(context)


@dataclass(frozen=True, slots=True)
class Checked(Requirement):
    """A checklist item (清单项) that somebody ticked, now or earlier."""

    code: str
    title: Text
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context) or self.code in context.command.checks or self.code in context.matter.checks:
            return None
        return Reason("requires.check", {"title": self.title})


@dataclass(frozen=True, slots=True)
class Issued(Requirement):
    """A paper was issued (and signed, where it must be signed)."""

    paper: str
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context):
            return None
        paper = context.procedure.paper(self.paper)
        status = context.matter.papers.get(self.paper)
        if status is None:
            return Reason("requires.paper", {"title": paper.title})
        if paper.signed_by is not None and status != "signed":
            return Reason("requires.signature", {"title": paper.title, "who": context.names(paper.signed_by)})
        return None


@dataclass(frozen=True, slots=True)
class Present(Requirement):
    """A person in a certain capacity is there: a notary, a witness, the neighbourhood committee."""

    code: str
    title: Text
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context) or self.code in context.command.present:
            return None
        return Reason("requires.present", {"title": self.title})


@dataclass(frozen=True, slots=True)
class Expired(Requirement):
    """A term has run out: what may only follow it cannot come before."""

    deadline: str
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context):
            return None
        armed = context.matter.deadlines.get(self.deadline)
        if armed is not None and (armed.status == "fired" or not armed.met_by(context.observed_at)):
            return None
        title = context.procedure.deadline(self.deadline).title
        return Reason("requires.expired", {"title": title, "until": armed.due_at.isoformat() if armed else "–"})


@dataclass(frozen=True, slots=True)
class Running(Requirement):
    """A term has not run out yet: an objection in time, an appeal in time."""

    deadline: str
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context):
            return None
        armed = context.matter.deadlines.get(self.deadline)
        if armed is not None and armed.status in {"pending", "reference"} and armed.met_by(context.observed_at):
            return None
        title = context.procedure.deadline(self.deadline).title
        return Reason("requires.running", {"title": title, "until": armed.due_at.isoformat() if armed else "–"})


@dataclass(frozen=True, slots=True)
class Done(Requirement):
    """Another act was done before, at least so often."""

    act: str
    times: int = 1
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        given = context.matter.times(self.act)
        if not asked(self.when, context) or given >= self.times:
            return None
        title = context.procedure.action(self.act).title
        return Reason("requires.done", {"title": title, "times": self.times, "given": given})


@dataclass(frozen=True, slots=True)
class Holds(Requirement):
    """Any condition, with the sentence to say when it does not hold."""

    condition: Condition
    otherwise: Text

    @override
    def unmet(self, context: Context) -> Reason | None:
        return None if self.condition.holds(context) else Reason("requires.condition", {"title": self.otherwise})


@dataclass(frozen=True, slots=True)
class TaskDone(Requirement):
    """A task was finished."""

    task: str
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context):
            return None
        tasks = [t for t in context.matter.tasks if t.code == self.task]
        if tasks and all(t.status == "done" for t in tasks):
            return None
        return Reason("requires.task", {"title": context.procedure.task(self.task).title})


@dataclass(frozen=True, slots=True)
class ChildrenClosed(Requirement):
    """The sub-matters of a slot are all closed (and there is at least one)."""

    slot: str
    when: Condition | None = None

    @override
    def unmet(self, context: Context) -> Reason | None:
        if not asked(self.when, context):
            return None
        children = context.matter.children_of(self.slot)
        still_open = sum(1 for c in children if not c.closed)
        if children and not still_open:
            return None
        title = context.procedure.child(self.slot).title
        return Reason("requires.children", {"title": title, "open": still_open})
