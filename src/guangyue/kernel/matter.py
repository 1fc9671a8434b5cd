"""A matter (事项) as the kernel sees it: plain, frozen, and wholly derived from its journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from guangyue.law import Span
from guangyue.law.swift import NOTHING, swift, value

ArmedStatus = Literal["pending", "reference", "suspended", "fired", "met", "cancelled"]
INSTANT = timedelta(microseconds=1)
HopStatus = Literal["waiting", "offered", "accepted", "returned", "done", "cancelled"]


@value(init=False, unsafe_hash=True)
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
        ended: the number of the entry that stopped it.
    """

    key: Final[str]
    occurrence: Final[int]
    rule: Final[str]
    started_at: Final[datetime]
    due_at: Final[datetime]
    inclusive: Final[bool]
    provisional: Final[bool]
    calendar: Final[str]
    status: Final[ArmedStatus]
    remaining: Final[Span | None]
    span: Final[Span | None]
    granted: Final[tuple[Span, ...]]
    ended: Final[int]

    def __init__(
        self,
        key: str,
        occurrence: int,
        rule: str,
        started_at: datetime,
        due_at: datetime,
        inclusive: bool,
        provisional: bool,
        calendar: str,
        status: ArmedStatus = "pending",
        remaining: Span | None = None,
        span: Span | None = None,
        granted: tuple[Span, ...] = (),
        ended: int = 0,
    ) -> None:
        self.key = key
        self.occurrence = occurrence
        self.rule = rule
        self.started_at = started_at
        self.due_at = due_at
        self.inclusive = inclusive
        self.provisional = provisional
        self.calendar = calendar
        self.status = status
        self.remaining = remaining
        self.span = span
        self.granted = granted
        self.ended = ended

    @property
    def last(self) -> datetime:
        """The last instant that counts: from it the next round of a repeating clock is counted."""
        return self.due_at if self.inclusive else self.due_at - INSTANT

    def turned(self, status: ArmedStatus, remaining: Span | None, ended: int) -> Armed:
        """The same clock in another status."""
        return Armed(
            self.key, self.occurrence, self.rule, self.started_at, self.due_at, self.inclusive, self.provisional,
            self.calendar, status, remaining, self.span, self.granted, ended,
        )  # fmt: skip

    def met_by(self, moment: datetime) -> bool:
        """Whether a moment lies inside the term."""
        return moment <= self.due_at if self.inclusive else moment < self.due_at


@swift(frozen=True)
class Hop:
    """One unit's part of a task: when it came in, and since when it has its status (done: when it went out)."""

    unit: str
    status: HopStatus
    since: datetime | None = None
    by: str = ""
    note: str = ""
    came: datetime | None = None


@swift(frozen=True)
class TaskState:
    """A task at run time: its hops in order, and the number of the entry that ended it."""

    code: str
    number: int
    hops: tuple[Hop, ...]
    status: Literal["open", "done", "cancelled"] = "open"
    ended: int = 0

    @property
    def stranded(self) -> bool:
        """Every unit gave it back: it lies with whoever gave it, who must assign it anew."""
        return self.status == "open" and not any(h.status in {"offered", "accepted"} for h in self.hops)


@swift(frozen=True)
class ChildRef:
    """What a parent knows of a sub-matter."""

    slot: str
    id: str
    state: str
    closed: bool


@value(init=False, unsafe_hash=True)
class Passage:
    """One change of state: when it took effect, by what (``act:<code>``, ``lapse:<key>#<occurrence>``), in which entry."""

    state: Final[str]
    at: Final[datetime]
    by: Final[str]
    seq: Final[int]

    def __init__(
        self,
        state: str,
        at: datetime,
        by: str,
        seq: int,
    ) -> None:
        self.state = state
        self.at = at
        self.by = by
        self.seq = seq


@value(init=False, unsafe_hash=True)
class Shots:
    """What is known of an evidence set: how many pieces, first and last capture, and the stretches recordings cover."""

    number: Final[int]
    first: Final[datetime]
    last: Final[datetime]
    covered: Final[tuple[tuple[datetime, datetime], ...]]

    def __init__(
        self,
        number: int,
        first: datetime,
        last: datetime,
        covered: tuple[tuple[datetime, datetime], ...] = (),
    ) -> None:
        self.number = number
        self.first = first
        self.last = last
        self.covered = covered


@value(init=False, unsafe_hash=True)
class Matter:
    """A matter. ``seq`` counts its journal entries; 0 is a matter that does not exist yet.

    Attributes:
        holder: the unit or agency that has it in hand.
        passages: its changes of state, without lapses that were undone.
        done: how often each act was done.
        doers: who did it or acted together with the doer, each once.
        checks: checklist items ticked so far.
        papers: the status of each paper: issued or signed.
        shots: what each evidence set holds.
    """

    id: Final[str]
    procedure: Final[str]
    version: Final[int]
    state: Final[str]
    closed: Final[bool]
    suspended: Final[bool]
    seq: Final[int]
    holder: Final[str]
    parent: Final[str]
    fields: Final[Mapping[str, object]]
    deadlines: Final[Mapping[str, Armed]]
    passages: Final[tuple[Passage, ...]]
    done: Final[Mapping[str, int]]
    doers: Final[Mapping[str, tuple[str, ...]]]
    checks: Final[frozenset[str]]
    papers: Final[Mapping[str, str]]
    shots: Final[Mapping[str, Shots]]
    tasks: Final[tuple[TaskState, ...]]
    children: Final[tuple[ChildRef, ...]]
    relations: Final[tuple[tuple[str, str], ...]]

    def __init__(
        self,
        id: str,
        procedure: str,
        version: int,
        state: str = "",
        closed: bool = False,
        suspended: bool = False,
        seq: int = 0,
        holder: str = "",
        parent: str = "",
        fields: Mapping[str, object] = NOTHING,
        deadlines: Mapping[str, Armed] = NOTHING,
        passages: tuple[Passage, ...] = (),
        done: Mapping[str, int] = NOTHING,
        doers: Mapping[str, tuple[str, ...]] = NOTHING,
        checks: frozenset[str] = frozenset(),
        papers: Mapping[str, str] = NOTHING,
        shots: Mapping[str, Shots] = NOTHING,
        tasks: tuple[TaskState, ...] = (),
        children: tuple[ChildRef, ...] = (),
        relations: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.id = id
        self.procedure = procedure
        self.version = version
        self.state = state
        self.closed = closed
        self.suspended = suspended
        self.seq = seq
        self.holder = holder
        self.parent = parent
        self.fields = fields
        self.deadlines = deadlines
        self.passages = passages
        self.done = done
        self.doers = doers
        self.checks = checks
        self.papers = papers
        self.shots = shots
        self.tasks = tasks
        self.children = children
        self.relations = relations

    def times(self, act: str) -> int:
        """How often an act was done."""
        return self.done.get(act, 0)

    def children_of(self, slot: str) -> tuple[ChildRef, ...]:
        """The sub-matters of a slot."""
        return tuple(c for c in self.children if c.slot == slot)

    def related(self, kind: str) -> tuple[str, ...]:
        """The ids tied by a relation."""
        return tuple(i for k, i in self.relations if k == kind)

    def task(self, code: str, number: int) -> TaskState | None:
        """A task by its code and number."""
        return next((t for t in self.tasks if t.code == code and t.number == number), None)
