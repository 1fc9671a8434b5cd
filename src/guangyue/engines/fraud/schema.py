"""What a source of events is: typed columns, lawful basis, sensitivity, lateness, owner.

Every value an event carries is a 64-bit integer: money in fen, durations in seconds, scores in per mille, codes as
their position in the declared list, flags as 0 or 1, and *keys*: salted tokens that stand for a person, a number, an
account, a device, a domain. Integers make every sum exact, so a value does not depend on the path by which it was
computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ENTITIES",
    "SERVICE",
    "SLOTS",
    "SLOT_ENTITY",
    "TOKEN_BITS",
    "Column",
    "Entity",
    "Kind",
    "Sensitivity",
    "Source",
    "SourceError",
    "check_sources",
    "code",
    "count",
    "fen",
    "flag",
    "permille",
    "seconds",
    "token",
]


class Entity(Enum):
    """Whose behaviour a feature describes."""

    PERSON = "person"
    PHONE = "phone"
    ACCOUNT = "account"
    DEVICE = "device"
    DOMAIN = "domain"


ENTITIES: tuple[Entity, ...] = tuple(Entity)

SLOT_ENTITY: dict[str, Entity] = {
    "person": Entity.PERSON,
    "own_phone": Entity.PHONE,
    "other_phone": Entity.PHONE,
    "own_account": Entity.ACCOUNT,
    "other_account": Entity.ACCOUNT,
    "device": Entity.DEVICE,
    "domain": Entity.DOMAIN,
}
"""The places in an event where an entity may stand. A record is told from one side: ``person`` is the subscriber or
account holder it concerns (the one who may be a victim), ``own_*`` is theirs, ``other_*`` is the other party's."""

SLOTS: tuple[str, ...] = tuple(SLOT_ENTITY)

TOKEN_BITS = 56
"""A token is a positive integer below ``2**TOKEN_BITS``; 0 means *absent*."""

SERVICE = 1 << TOKEN_BITS
"""Set in the key of a short code, merchant or collection account: nobody stands behind it, so it keeps no windows."""


class Kind(Enum):
    """The unit of a column; always stored as a 64-bit integer."""

    TOKEN = "token"  # noqa: S105 - a kind of column
    CODE = "code"
    FLAG = "flag"
    COUNT = "count"
    SECONDS = "seconds"
    FEN = "fen"
    PERMILLE = "permille"


LIMITS: dict[Kind, tuple[int, int]] = {
    Kind.TOKEN: (0, 2 * SERVICE - 1),
    Kind.CODE: (0, 61),
    Kind.FLAG: (0, 1),
    Kind.COUNT: (0, 2**31 - 1),
    Kind.SECONDS: (0, 2**31 - 1),
    Kind.FEN: (0, 10**13),  # 100 billion yuan: a larger amount is a broken record
    Kind.PERMILLE: (0, 1000),
}
"""Smallest and largest value of each kind; a record outside goes to the reject stream."""


class Sensitivity(Enum):
    """How a source is protected (Personal Information Protection Law art. 28–30; Data Security Law art. 21)."""

    GENERAL = "general"  # 一般
    PERSONAL = "personal"  # 个人信息
    SENSITIVE = "sensitive"  # 敏感个人信息: finance, whereabouts, communications


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a record.

    Attributes:
        name: the column's name in files and declarations.
        kind: its unit.
        zh: what it is, in Chinese.
        choices: the codes in their order, for :attr:`Kind.CODE`.
        required: a record without it is rejected; otherwise a missing value is 0 (token: absent).
    """

    name: str
    kind: Kind
    zh: str
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def limits(self) -> tuple[int, int]:
        """Smallest and largest permitted value."""
        if self.kind is Kind.CODE:
            return 0, len(self.choices) - 1
        return LIMITS[self.kind]

    def number(self, value: str | int) -> int:
        """The stored integer of a literal: a code by its name, everything else as it is.

        Raises:
            SourceError: ``fraud.value`` when the code is not declared or the number is out of range.
        """
        if isinstance(value, str):
            if value not in self.choices:
                known = ", ".join(self.choices) or "none: it is a number"
                raise SourceError("fraud.value", f"{self.name} knows no {value!r} (known: {known})", column=self.name)
            return self.choices.index(value)
        low, high = self.limits
        if not low <= value <= high:
            raise SourceError("fraud.value", f"{self.name} must lie in {low} … {high}, not {value}", column=self.name)
        return int(value)


class SourceError(ValueError):
    """A declaration about sources is wrong; ``code`` is stable, ``params`` name the place."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of event and the terms on which the engine may read it.

    Attributes:
        code: stable name, used in files and declarations.
        zh: Chinese title. en: English title.
        owner: who delivers it and answers for its quality.
        basis: the law articles that permit its use here (``反诈法``: Anti-Telecom and Online Fraud Law).
        sensitivity: the protection it needs.
        lateness: how far behind the newest record of this source a record may be and still be put in order.
        idle: after this much silence of the source (by the clock of all sources) its watermark moves on without it.
        columns: the slots it fills and the values it carries. An event has ``time`` and ``offset`` besides.
        label_slots: slots for which a record tells the outcome itself; features of them need a delay.
    """

    code: str
    zh: str
    en: str
    owner: str
    basis: tuple[str, ...]
    sensitivity: Sensitivity
    lateness: timedelta
    idle: timedelta = timedelta(minutes=60)
    columns: tuple[Column, ...]
    label_slots: tuple[str, ...] = ()
    purpose: str = field(default="anti-fraud only (反诈法 art. 5, 16, 18)")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in their order."""
        return tuple(c.name for c in self.columns)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots this source fills, in the order of :data:`SLOTS`."""
        return tuple(s for s in SLOTS if s in self.names)

    def column(self, name: str) -> Column:
        """A column by name.

        Raises:
            SourceError: ``fraud.column`` when the source has none of this name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise SourceError("fraud.column", f"{self.code} has no column {name!r} (it has {', '.join(self.names)})")


def code(name: str, zh: str, *choices: str, required: bool = True) -> Column:
    """A column with a closed list of values."""
    return Column(name, Kind.CODE, zh, choices, required)


def flag(name: str, zh: str) -> Column:
    """A yes-or-no column; missing means no."""
    return Column(name, Kind.FLAG, zh)


def count(name: str, zh: str) -> Column:
    """A number of things."""
    return Column(name, Kind.COUNT, zh)


def seconds(name: str, zh: str) -> Column:
    """A duration in whole seconds."""
    return Column(name, Kind.SECONDS, zh)


def fen(name: str, zh: str, *, required: bool = False) -> Column:
    """An amount of money in fen."""
    return Column(name, Kind.FEN, zh, (), required)


def permille(name: str, zh: str) -> Column:
    """A score between 0 and 1000."""
    return Column(name, Kind.PERMILLE, zh)


def token(name: str, zh: str, *, required: bool = False) -> Column:
    """A salted token; in a column named like a slot it is that entity's key."""
    return Column(name, Kind.TOKEN, zh, (), required)


def check_sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The sources, checked as a set.

    Raises:
        SourceError: ``fraud.source`` naming every fault: a doubled code or column, no slot, a code without choices or
            with too many, a lateness above the idle time, a source without lawful basis or owner.
    """
    known = tuple(sources)
    faults: list[str] = []
    codes = [s.code for s in known]
    faults += [f"{c}: declared twice" for c in sorted({c for c in codes if codes.count(c) > 1})]
    for source in known:
        names = source.names
        faults += [f"{source.code}.{n}: declared twice" for n in sorted({n for n in names if names.count(n) > 1})]
        faults += [f"{source.code}.{n}: reserved name" for n in names if n in {"time", "offset", "source"}]
        if not source.slots:
            faults.append(f"{source.code}: names no person, phone, account, device or domain")
        if not source.basis or not source.owner:
            faults.append(f"{source.code}: needs a lawful basis and an owner")
        if not timedelta(0) <= source.lateness <= source.idle:
            faults.append(f"{source.code}: lateness must lie between zero and the idle time")
        for column in source.columns:
            if column.kind is Kind.CODE and not 1 <= len(column.choices) <= LIMITS[Kind.CODE][1] + 1:
                faults.append(f"{source.code}.{column.name}: 1 to 62 choices")
            if column.name in SLOT_ENTITY and column.kind is not Kind.TOKEN:
                faults.append(f"{source.code}.{column.name}: a slot holds a token")
    if faults:
        raise SourceError("fraud.source", "; ".join(faults), faults=faults)
    return known
