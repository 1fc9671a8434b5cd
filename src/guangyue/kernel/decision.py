"""What the kernel answers: a decision made of journal entries, or a refusal with all its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from guangyue.kernel.command import Piece
from guangyue.kernel.grammar.papers import Notice, Paper, Send
from guangyue.kernel.matter import Armed, ArmedStatus, ChildRef, Matter, TaskState
from guangyue.kernel.reasons import Reason
from guangyue.kernel.swift import swift
from guangyue.law import Span

Kind = Literal["act", "lapse", "alarm", "dropped", "reinstated", "told", "version"]
"""What an entry is: an act; a clock that changed the matter; a clock that told somebody; a late one skipped by its
policy; a lapse undone by what was observed in time; something another matter told it; a change of version."""


@swift(frozen=True)
class Stop:
    """A clock that no longer runs, or runs again (``pending`` after a reinstatement)."""

    key: str
    occurrence: int
    status: ArmedStatus
    remaining: Span | None = None


@swift(frozen=True)
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

    matter: str
    seq: int
    procedure: str
    version: int
    digest: str
    kind: Kind
    act: str
    actor: str
    role: str
    agency: str
    observed_at: datetime
    decided_at: datetime
    before: str
    after: str
    closes: bool = False
    cause: str = ""
    unit: str = ""
    parent: str = ""
    sets: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Piece, ...] = ()
    checks: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    officers: tuple[str, ...] = ()
    arms: tuple[Armed, ...] = ()
    stops: tuple[Stop, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    children: tuple[ChildRef, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    unties: tuple[tuple[str, str], ...] = ()
    papers: tuple[Paper, ...] = ()
    signed: str = ""
    notices: tuple[Notice, ...] = ()
    sends: tuple[Send, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    holder: str = ""
    suspends: bool | None = None
    late: bool = False
    basis: str = ""


@swift(frozen=True)
class Decision:
    """Yes: these entries, in this order, in one transaction; follow-ons stand behind what they follow from.

    Attributes:
        entries: what the journals keep.
        matters: every matter the decision touched, as it is afterwards.
    """

    entries: tuple[Entry, ...]
    matters: Mapping[str, Matter] = field(default_factory=dict, compare=False, repr=False)

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
