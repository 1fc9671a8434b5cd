"""Conditions: small questions about a matter and the command at hand, written as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.kernel.grammar.base import Element
from guangyue.law.override import override

if TYPE_CHECKING:
    from guangyue.kernel.context import Context

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Condition(Element):
    """Holds or does not hold; never changes anything."""

    def holds(self, context: Context) -> bool:
        """Whether it holds for this matter and command."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class FieldIs(Condition):
    """A field (or an answer of the form at hand) has one of the given values."""

    name: str
    values: tuple[Value, ...]

    @override
    def holds(self, context: Context) -> bool:
        return context.value(self.name) in self.values


@dataclass(frozen=True, slots=True)
class FieldAtLeast(Condition):
    """A number has reached a mark."""

    name: str
    mark: int

    @override
    def holds(self, context: Context) -> bool:
        value = context.value(self.name)
        return isinstance(value, int) and value >= self.mark


@dataclass(frozen=True, slots=True)
class FieldNotAbove(Condition):
    """A number does not exceed another: what is decided, what was told before (处罚法 45); an absent bound is nought."""

    name: str
    other: str

    @override
    def holds(self, context: Context) -> bool:
        value, bound = context.value(self.name), context.value(self.other)
        return not isinstance(value, int) or value <= (bound if isinstance(bound, int) else 0)


@dataclass(frozen=True, slots=True)
class FieldSet(Condition):
    """A field has a value."""

    name: str

    @override
    def holds(self, context: Context) -> bool:
        return context.value(self.name) not in (None, "", ())


@dataclass(frozen=True, slots=True)
class Happened(Condition):
    """An act was done, at least so often."""

    act: str
    times: int = 1

    @override
    def holds(self, context: Context) -> bool:
        return context.matter.times(self.act) >= self.times


@dataclass(frozen=True, slots=True)
class TermOver(Condition):
    """A term has run out by the moment of the act."""

    deadline: str

    @override
    def holds(self, context: Context) -> bool:
        armed = context.matter.deadlines.get(self.deadline)
        return armed is not None and armed.status != "suspended" and not armed.met_by(context.observed_at)


@dataclass(frozen=True, slots=True)
class DoneByActor(Condition):
    """The actor had a hand in one of these acts: their own case, their own investigation."""

    acts: tuple[str, ...]

    @override
    def holds(self, context: Context) -> bool:
        return any(context.actor.id in context.matter.doers.get(act, ()) for act in self.acts)


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """One of several holds."""

    conditions: tuple[Condition, ...]

    @override
    def holds(self, context: Context) -> bool:
        return any(c.holds(context) for c in self.conditions)


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """All of several hold."""

    conditions: tuple[Condition, ...]

    @override
    def holds(self, context: Context) -> bool:
        return all(c.holds(context) for c in self.conditions)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The opposite."""

    condition: Condition

    @override
    def holds(self, context: Context) -> bool:
        return not self.condition.holds(context)
