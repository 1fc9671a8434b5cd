"""What somebody wants done, and everything the outside knows at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal, Protocol

from guangyue.kernel.matter import Matter
from guangyue.law import Calendar, LawBook
from guangyue.law.swift import swift


@swift(frozen=True, kw_only=True)
class Actor:
    """Who acts: a person with the roles held at this moment, a party, or a system.

    Attributes:
        id: a person's, citizen's or system's stable id.
        roles: staff roles held now.
        agency: the agency in whose name the person acts.
        level: station, county, city.
        unit: the unit.
        qualities: what the law may ask about a person: certified, legally_qualified.
        parties: what the person is to this matter: owner, applicant, respondent.
        system: the system's code, for machines.
        signed_in_at: start of the session; nothing observed earlier is believed.
    """

    id: str
    roles: frozenset[str] = frozenset()
    agency: str = ""
    level: str = ""
    unit: str = ""
    qualities: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    system: str = ""
    signed_in_at: datetime | None = None


CLOCK_ACTOR = Actor(id="clock", system="clock")
KERNEL_ACTOR = Actor(id="kernel", system="kernel")


@swift(frozen=True, kw_only=True)
class Piece:
    """One photograph or recording that a command brings.

    Attributes:
        set: the evidence set it belongs to.
        sha256: hex digest taken at capture.
        taken_at: start of capture.
        until: end, for a recording.
        kind: ``photo``, ``recording`` or ``paper``.
        panorama: shows the surroundings with a landmark.
        plate_legible: the plate was read and confirmed.
        located: carries its position.
    """

    set: str
    sha256: str
    taken_at: datetime | None
    until: datetime | None = None
    kind: Literal["photo", "recording", "paper"] = "photo"
    panorama: bool = False
    plate_legible: bool = False
    located: bool = False

    def __post_init__(self) -> None:
        for at in (self.taken_at, self.until):
            if at is not None and at.tzinfo is None:
                raise ValueError("a capture time must carry its zone")


@swift(frozen=True, kw_only=True)
class Command:
    """An act that somebody wants done.

    Attributes:
        act: the action's code; ``task.accept``, ``task.return``, ``task.done`` for hops of a task.
        received_at: when we received it.
        observed_at: when it happened in the street; empty: when received.
        values: the answers of the form.
        evidence: photographs and recordings.
        checks: checklist items ticked.
        present: capacities of people who are there: notary, witness.
        officers: ids of further officers who act together with the actor.
        assign: for each task the act opens, the units in order.
        items: for each slot the act opens, the values of every sub-matter.
        related: for the relation the act adds to or takes from, the ids of the matters.
        task: code, number and hop of the task concerned.
    """

    act: str
    received_at: datetime
    observed_at: datetime | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Piece, ...] = ()
    checks: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    officers: tuple[str, ...] = ()
    assign: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    task: tuple[str, int, int] | None = None

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None or (self.observed_at is not None and self.observed_at.tzinfo is None):
            raise ValueError("a command's times must carry their zone")


class Library(Protocol):
    """Where the declarations of other matters are found; a dictionary will do, keyed by code and version."""

    def __getitem__(self, key: tuple[str, int], /) -> object:
        """The procedure with this code and version; version 0 is the one now in force."""

    def __contains__(self, key: object, /) -> bool:
        """Whether it is loaded."""


@swift(frozen=True, kw_only=True)
class Facts:
    """Everything the outside knows.

    Attributes:
        now: the time of the decision, read once per transaction.
        actor: who acts.
        law: the catalogue of law with the city's settings.
        calendar: working days.
        related: the other matters that this one may touch: parent, relations, loaded and locked.
        library: their procedures.
        colleagues: the further officers a command names, with what they hold now; an unknown one does not count.
        waiting_devices: field devices on the matter that have not synced since the last change of state.
        new_id: the id for a new matter.
    """

    now: datetime
    actor: Actor
    law: LawBook
    calendar: Calendar
    related: Mapping[str, Matter] = field(default_factory=dict)
    library: Library = field(default_factory=dict)  # type: ignore[assignment]  # a plain dict serves
    colleagues: Mapping[str, Actor] = field(default_factory=dict)
    waiting_devices: tuple[str, ...] = ()
    new_id: str = ""
