"""Generic verbs: what any procedure may do to its clocks, its holder and its end, each with law, reason and cap."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.kernel.grammar.base import Element
from guangyue.law import Span


@dataclass(frozen=True, slots=True)
class Verb(Element):
    """Base of the generic verbs; an action that carries one always asks for a reason."""


@dataclass(frozen=True, slots=True)
class Extend(Verb):
    """A longer term (延长): by the law's own extension, so often as the law allows, never beyond its cap."""

    deadline: str
    by: Span | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Suspend(Verb):
    """Stops clocks and keeps what remains, in the rule's own unit.

    Empty: the whole matter is suspended (中止), all its clocks with it, and nothing is done until it is resumed.
    Named: only these clocks pause (扣除期间: an expert's or a hearing's time); the matter goes on.
    """

    deadlines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resume(Verb):
    """Starts suspended clocks again with what remained (恢复): all, or those named."""

    deadlines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer(Verb):
    """Gives the matter to another unit (移交); asks for ``unit``."""


@dataclass(frozen=True, slots=True)
class Withdraw(Verb):
    """Taken back by who brought it (撤回)."""


@dataclass(frozen=True, slots=True)
class Annul(Verb):
    """Declared void from an outcome (撤销)."""


@dataclass(frozen=True, slots=True)
class Reopen(Verb):
    """Back from an outcome to work (重新办理)."""


@dataclass(frozen=True, slots=True)
class Merge(Verb):
    """Goes up in another matter (并案): tied to it by ``relation``, and told to it."""

    relation: str


@dataclass(frozen=True, slots=True)
class Split(Verb):
    """Part of it goes on as a matter of its own (分案), in the slot ``child``."""

    child: str
