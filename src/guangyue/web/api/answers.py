"""What a program is told: small plain documents, words in the reader's language."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import JsonValue

__all__ = ["ClockOut", "Done", "Item", "LineOut", "Listing", "MatterOut", "OfferOut", "PaperOut", "Said", "Story"]


class Said(Schema):
    """A code and its words."""

    code: str
    title: str


class ClockOut(Schema):
    """A clock that runs: its last moment (``inclusive``) or the first that no longer counts."""

    key: str
    title: str
    due_at: datetime
    inclusive: bool
    started_at: datetime
    status: str
    law: str
    provisional: bool


class Done(Schema):
    """An act that was carried out; ``replayed`` when the same key had done it before."""

    id: str
    number: str
    state: Said
    seq: int
    deadlines: list[ClockOut]
    outcome: Said | None = None
    papers: dict[str, str]
    replayed: bool = False


class Item(Schema):
    """A matter in a list."""

    id: str
    number: str
    procedure: str
    title: str
    place: str
    state: Said
    closed: bool
    holder: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    lon: float | None
    lat: float | None
    seq: int


class Listing(Schema):
    """One page; ``next`` goes on where it ends."""

    items: list[Item]
    next: str | None


class OfferOut(Schema):
    """An act of the present state: open to the caller, or the reasons why not."""

    code: str
    title: str
    open: bool
    reasons: list[Said]


class PaperOut(Schema):
    """A paper that was issued."""

    code: str
    title: str
    number: str
    issued_at: datetime


class MatterOut(Item):
    """One matter, as far as the caller may read it."""

    version: int
    fields: dict[str, JsonValue]
    masked: list[str]
    deadlines: list[ClockOut]
    offers: list[OfferOut]
    papers: list[PaperOut]


class LineOut(Schema):
    """One point of the time line."""

    seq: int
    kind: str
    code: str
    title: str
    at: datetime
    decided_at: datetime
    who: str
    state: Said | None
    values: dict[str, JsonValue]
    evidence: list[str]


class Story(Schema):
    """The time line, oldest first."""

    lines: list[LineOut]
