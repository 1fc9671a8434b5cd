"""What the kernel answers: a decision made of journal entries, or a refusal with all its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Final, Literal

from guangyue.kernel.command import Piece
from guangyue.kernel.grammar.papers import Notice, Paper, Send
from guangyue.kernel.matter import Armed, ArmedStatus, ChildRef, Matter, TaskState
from guangyue.kernel.reasons import Reason
from guangyue.law import Span
from guangyue.law.swift import NOTHING, swift, value

Kind = Literal["act", "lapse", "alarm", "dropped", "reinstated", "told", "version"]
"""What an entry is: an act; a clock that changed the matter; a clock that told somebody; a late one skipped by its
policy; a lapse undone by what was observed in time; something another matter told it; a change of version."""


@value(init=False, unsafe_hash=True)
class Stop:
    """A clock that no longer runs, or runs again (``pending`` after a reinstatement)."""

    key: Final[str]
    occurrence: Final[int]
    status: Final[ArmedStatus]
    remaining: Final[Span | None]

    def __init__(
        self,
        key: str,
        occurrence: int,
        status: ArmedStatus,
        remaining: Span | None = None,
    ) -> None:
        self.key = key
        self.occurrence = occurrence
        self.status = status
        self.remaining = remaining


@value(init=False, unsafe_hash=True)
class Entry:
    """One decision on one matter: what its journal keeps, and all that has to be stored and sent with it.

    Attributes:
        cause: ``matter#seq`` of the entry that led to this one, for follow-on acts.
        sets: fields of the matter that change.
        values: answers that belong to this act alone.
        arms: clocks that start. stops: clocks that stop.
        tasks, children: those that changed, in their new state.
        relations, unties: ties made and ties loosed.
        papers: papers to draw up; ``signed`` the one this act signs.
        counts: figures that grow (or shrink, after a reinstatement), with the amount.
        late: fired later than its policy regards as in time.
    """

    matter: Final[str]
    seq: Final[int]
    procedure: Final[str]
    version: Final[int]
    digest: Final[str]
    kind: Final[Kind]
    act: Final[str]
    actor: Final[str]
    role: Final[str]
    agency: Final[str]
    observed_at: Final[datetime]
    decided_at: Final[datetime]
    before: Final[str]
    after: Final[str]
    closes: Final[bool]
    cause: Final[str]
    unit: Final[str]
    parent: Final[str]
    sets: Final[Mapping[str, object]]
    values: Final[Mapping[str, object]]
    evidence: Final[tuple[Piece, ...]]
    checks: Final[frozenset[str]]
    present: Final[frozenset[str]]
    officers: Final[tuple[str, ...]]
    arms: Final[tuple[Armed, ...]]
    stops: Final[tuple[Stop, ...]]
    tasks: Final[tuple[TaskState, ...]]
    children: Final[tuple[ChildRef, ...]]
    relations: Final[tuple[tuple[str, str], ...]]
    unties: Final[tuple[tuple[str, str], ...]]
    papers: Final[tuple[Paper, ...]]
    signed: Final[str]
    notices: Final[tuple[Notice, ...]]
    sends: Final[tuple[Send, ...]]
    counts: Final[tuple[tuple[str, int], ...]]
    holder: Final[str]
    suspends: Final[bool | None]
    late: Final[bool]
    basis: Final[str]

    def __init__(
        self,
        matter: str,
        seq: int,
        procedure: str,
        version: int,
        digest: str,
        kind: Kind,
        act: str,
        actor: str,
        role: str,
        agency: str,
        observed_at: datetime,
        decided_at: datetime,
        before: str,
        after: str,
        closes: bool = False,
        cause: str = "",
        unit: str = "",
        parent: str = "",
        sets: Mapping[str, object] = NOTHING,
        values: Mapping[str, object] = NOTHING,
        evidence: tuple[Piece, ...] = (),
        checks: frozenset[str] = frozenset(),
        present: frozenset[str] = frozenset(),
        officers: tuple[str, ...] = (),
        arms: tuple[Armed, ...] = (),
        stops: tuple[Stop, ...] = (),
        tasks: tuple[TaskState, ...] = (),
        children: tuple[ChildRef, ...] = (),
        relations: tuple[tuple[str, str], ...] = (),
        unties: tuple[tuple[str, str], ...] = (),
        papers: tuple[Paper, ...] = (),
        signed: str = "",
        notices: tuple[Notice, ...] = (),
        sends: tuple[Send, ...] = (),
        counts: tuple[tuple[str, int], ...] = (),
        holder: str = "",
        suspends: bool | None = None,
        late: bool = False,
        basis: str = "",
    ) -> None:
        self.matter = matter
        self.seq = seq
        self.procedure = procedure
        self.version = version
        self.digest = digest
        self.kind = kind
        self.act = act
        self.actor = actor
        self.role = role
        self.agency = agency
        self.observed_at = observed_at
        self.decided_at = decided_at
        self.before = before
        self.after = after
        self.closes = closes
        self.cause = cause
        self.unit = unit
        self.parent = parent
        self.sets = sets
        self.values = values
        self.evidence = evidence
        self.checks = checks
        self.present = present
        self.officers = officers
        self.arms = arms
        self.stops = stops
        self.tasks = tasks
        self.children = children
        self.relations = relations
        self.unties = unties
        self.papers = papers
        self.signed = signed
        self.notices = notices
        self.sends = sends
        self.counts = counts
        self.holder = holder
        self.suspends = suspends
        self.late = late
        self.basis = basis


@value(init=False, unsafe_hash=True)
class Decision:
    """Yes: these entries, in this order, in one transaction; follow-ons stand behind what they follow from.

    Attributes:
        entries: what the journals keep.
        matters: every matter the decision touched, as it is afterwards.
    """

    entries: Final[tuple[Entry, ...]]
    matters: Mapping[str, Matter] = field(compare=False, repr=False)

    def __init__(
        self,
        entries: tuple[Entry, ...],
        matters: Mapping[str, Matter] = NOTHING,
    ) -> None:
        self.entries = entries
        self.matters = matters

    def of(self, matter: str) -> tuple[Entry, ...]:
        """The entries on one matter."""
        return tuple(e for e in self.entries if e.matter == matter)


@swift(frozen=True)
class Refusal:
    """No: all the reasons. Nothing has changed."""

    act: str
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The stable codes of all reasons."""
        return frozenset(r.code for r in self.reasons)
