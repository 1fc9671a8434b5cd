"""What a reader gets to see: plain frozen values, masked by the declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guangyue.kernel import Actor, Entry, Matter, Procedure
from guangyue.law import Text

__all__ = [
    "Change",
    "Changes",
    "Clock",
    "DocumentLine",
    "Entries",
    "FieldShown",
    "MatterLine",
    "MatterView",
    "Page",
    "PieceLine",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock on a matter.

    Attributes:
        key: the deadline's key; ``task:<code>:<number>:<hop>`` for a hop of a task. title: its name.
        status: pending, reference, suspended, fired, met or cancelled.
        inclusive: ``due_at`` itself still counts. provisional: computed past the official calendar.
        rule: the law's term. remaining: what is left while suspended, in the rule's own unit.
    """

    key: str
    occurrence: int
    title: Text
    status: str
    started_at: datetime
    due_at: datetime
    inclusive: bool
    provisional: bool
    rule: str
    remaining: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """A matter in a list, without a value that not everybody who may open it may read.

    Attributes:
        id: as the kernel and all links know it. row: its row. number: what people call it by.
        position: longitude and latitude in micro-degrees, WGS-84.
        holder: the unit, or for want of one the agency, that has it. mine: the viewer is in charge.
        due_at: the next clock that runs. clock: that clock.
        seq: its last journal entry.
    """

    id: str
    row: int
    number: str
    procedure: str
    procedure_title: Text
    state: str
    state_title: Text
    closed: bool
    title: str
    place: str
    position: tuple[int, int] | None
    agency: str
    holder: str
    assignee: str
    mine: bool
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    seq: int
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ``next`` is empty on the last one. There is no count: none could be right and quick."""

    lines: tuple[MatterLine, ...]
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShown:
    """One field of a matter for one reader.

    Attributes:
        value: what it holds; nothing where ``readable`` is False; masked text where ``personal``.
        readable: whether the declaration lets this reader see it; a personal one still asks for a purpose.
        set: whether it holds anything.
    """

    name: str
    title: Text
    value: object
    readable: bool
    personal: bool
    set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterView:
    """One matter for one reader.

    Attributes:
        line: as lists show it. procedure: the version it follows.
        matter: as the kernel sees it, without the values this reader may not see; personal ones masked.
        fields: in the order of the declaration.
        readable: the names of the values that may be read, as `kernel.matrix.readable` calls them.
        actors: the capacities in which the viewer may act on it.
        parties: what the viewer is to the matter. staff: whether the viewer reaches it by office.
    """

    line: MatterLine
    procedure: Procedure
    matter: Matter
    fields: tuple[FieldShown, ...]
    readable: frozenset[str]
    actors: tuple[Actor, ...]
    parties: frozenset[str]
    staff: bool


@dataclass(frozen=True, slots=True)
class Entries:
    """A matter's journal for one reader, oldest first.

    Attributes:
        entries: without the values this reader may not see; personal ones masked.
        hidden: for each entry the names of values that were left out.
        numbers: for each entry the numbers its papers were given, by code.
    """

    entries: tuple[Entry, ...]
    hidden: tuple[tuple[str, ...], ...]
    numbers: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLine:
    """A photograph or recording that the journal names.

    Attributes:
        evidence: the id under which it is fetched; empty while its bytes have not arrived.
        by: who brought it; empty for a reader who is not staff.
    """

    seq: int
    set: str
    set_title: Text
    sha256: str
    kind: str
    taken_at: datetime | None
    until: datetime | None
    panorama: bool
    plate_legible: bool
    located: bool
    by: str
    evidence: str = ""
    media_type: str = ""
    size: int = 0
    earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A paper that was issued.

    Attributes:
        id: its row. facts: what it states, as far as this reader may see it.
        files: its renderings: kind and SHA-256, the latest last.
    """

    id: int
    seq: int
    code: str
    title: Text
    number: str
    facts: dict[str, object]
    issued_at: datetime
    statutory: bool
    status: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A matter that changed, as it stands now, and the last entry that is new."""

    line: MatterLine
    seq: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a cursor.

    Attributes:
        changes: one a matter, in the order in which they changed.
        cursor: for the next question; an event's id.
        reset: the cursor was too old or of another database: load the page anew, then go on from ``cursor``.
    """

    changes: tuple[Change, ...]
    cursor: str
    reset: bool = False
