"""A matter (事项) as the kernel sees it: plain, frozen, and wholly derived from its journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from guangyue.law import Span

ArmedStatus = Literal["pending", "reference", "suspended", "fired", "met", "cancelled"]
HopStatus = Literal["waiting", "offered", "accepted", "returned", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Armed:
    """A clock that was started.

    Attributes:
        key: the deadline's key; ``task:<code>:<number>:<hop>`` for a hop of a task.
        occurrence: counts from 1; extending or starting anew makes a new one.
        rule: the code of the law's term, or ``field:<name>``.
        started_at: when it began to count.
        due_at: the last instant that counts (``inclusive``) or the first that does not.
        inclusive: see ``due_at``.
        provisional: computed past the official calendar; recomputed when the year's calendar arrives.
        calendar: the version of the calendar used.
        status: ``reference`` clocks are shown and never fire.
        remaining: what is left while suspended, in the rule's own unit.
        span: its length, ``None`` where a field holds the moment.
        granted: the extensions granted so far.
    """

    key: str
    occurrence: int
    rule: str
    started_at: datetime
    due_at: datetime
    inclusive: bool
    provisional: bool
    calendar: str
    status: ArmedStatus = "pending"
    remaining: Span | None = None
    span: Span | None = None
    granted: tuple[Span, ...] = ()

    def met_by(self, moment: datetime) -> bool:
        """Whether a moment lies inside the term."""
        return moment <= self.due_at if self.inclusive else moment < self.due_at


@dataclass(frozen=True, slots=True)
class Hop:
    """One unit's part of a task."""

    unit: str
    status: HopStatus
    since: datetime | None = None
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task at run time: its hops in order."""

    code: str
    number: int
    hops: tuple[Hop, ...]
    status: Literal["open", "done", "cancelled"] = "open"


@dataclass(frozen=True, slots=True)
class ChildRef:
    """What a parent knows of a sub-matter."""

    slot: str
    id: str
    state: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One change of state: when it took effect, and by what (``act:…`` or ``lapse:<key>#<occurrence>``)."""

    state: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Shots:
    """What is known of an evidence set: how many pieces, first and last capture."""

    number: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter. ``seq`` counts its journal entries; 0 is a matter that does not exist yet."""

    id: str
    procedure: str
    version: int
    state: str = ""
    closed: bool = False
    suspended: bool = False
    seq: int = 0
    holder: str = ""
    parent: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    deadlines: Mapping[str, Armed] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    doers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()
    papers: Mapping[str, str] = field(default_factory=dict)
    shots: Mapping[str, Shots] = field(default_factory=dict)
    tasks: tuple[TaskState, ...] = ()
    children: tuple[ChildRef, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()

    def times(self, act: str) -> int:
        """How often an act was done."""
        return len(self.doers.get(act, ()))

    def children_of(self, slot: str) -> tuple[ChildRef, ...]:
        """The sub-matters of a slot."""
        return tuple(c for c in self.children if c.slot == slot)

    def related(self, kind: str) -> tuple[str, ...]:
        """The ids tied by a relation."""
        return tuple(i for k, i in self.relations if k == kind)

    def task(self, code: str, number: int) -> TaskState | None:
        """A task by its code and number."""
        return next((t for t in self.tasks if t.code == code and t.number == number), None)
