"""Fields of a matter and what a form may ask.

Values are plain data that survive canonical JSON: text, integers (money in fen, places in micro-degrees WGS-84),
booleans, lists and maps of these; moments are aware datetimes. Floats have no place in a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from guangyue.kernel.grammar.base import Element, T
from guangyue.kernel.grammar.who import ALL, Who
from guangyue.law import Text


class Kind(StrEnum):
    """What a value is."""

    TEXT = "text"
    LINES = "lines"
    INTEGER = "integer"
    MONEY = "money"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    MOMENT = "moment"
    PLACE = "place"
    PLATE = "plate"
    PHONE = "phone"
    PARTY = "party"
    PERSON = "person"
    UNIT = "unit"
    MATTER = "matter"
    FILE = "file"
    CODE = "code"


TEXTUAL = frozenset({
    Kind.TEXT, Kind.LINES, Kind.CHOICE, Kind.PLATE, Kind.PHONE, Kind.PARTY, Kind.PERSON, Kind.UNIT, Kind.MATTER,
    Kind.FILE, Kind.CODE,
})  # fmt: skip
NUMERIC = frozenset({Kind.INTEGER, Kind.MONEY})
LONGEST = {Kind.TEXT: 200, Kind.LINES: 20_000}
PLACE_LIMIT = (180_000_000, 90_000_000)
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON reads alike (RFC 8259, 6)."""
YEARS = range(1900, 2200)
"""Years of a city's moments and days. A clock set to year 1 is broken, and in another zone its moment has no year at all."""


@dataclass(frozen=True, slots=True)
class Field(Element):
    """A value the matter carries.

    Attributes:
        name: stable, in the house's English.
        kind: see :class:`Kind`.
        title: what a clerk reads above it.
        visible: who may read it; each cell stands in the authorisation matrix.
        personal: personal data (个人信息): enters the journal as a salted digest and is erasable.
        choices: codes and their wording, for ``CHOICE`` and ``CHOICES``.
    """

    name: str
    kind: Kind
    title: Text
    visible: tuple[Who, ...] = ALL
    personal: bool = False
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask(Element):
    """One question of a form.

    Attributes:
        field: the name of a declared field, which the answer then sets; or a field of the act alone.
        required: an empty answer is refused.
        at_least: smallest number, or shortest text.
        at_most: greatest number, or longest text.
        among: of the field's choices the ones this act offers; empty: all of them.
    """

    field: str | Field
    required: bool = True
    at_least: int | None = None
    at_most: int | None = None
    among: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the answer in a command."""
        return self.field if isinstance(self.field, str) else self.field.name


REASON = Ask(Field("reason", Kind.LINES, T("理由", "Reason")), at_least=2)
"""Why: asked by every act that turns something down or takes something back."""


def fault(field: Field, ask: Ask | None, value: object) -> tuple[str, dict[str, object]] | None:  # noqa: PLR0912 - one line per kind
    """What is wrong with a value: a stable code with parameters, or nothing."""
    kind = field.kind
    if kind in TEXTUAL:
        if not isinstance(value, str) or not writable(value):
            return "value.not_text", {}
        if kind is Kind.CHOICE and value not in {code for code, _ in field.choices}:
            return "value.not_offered", {"value": value}
        longest = ask.at_most if ask and ask.at_most is not None else LONGEST.get(kind, 200)
        if len(value) > longest:
            return "value.too_long", {"longest": longest}
        if ask and ask.at_least is not None and len(value.strip()) < ask.at_least:
            return "value.too_short", {"shortest": ask.at_least}
    elif kind in NUMERIC:
        if not isinstance(value, int) or isinstance(value, bool):
            return "value.not_number", {}
        if abs(value) > LARGEST:
            return "value.too_large", {"largest": LARGEST}
        if ask and ask.at_least is not None and value < ask.at_least:
            return "value.too_small", {"smallest": ask.at_least}
        if ask and ask.at_most is not None and value > ask.at_most:
            return "value.too_large", {"largest": ask.at_most}
    elif kind is Kind.FLAG:
        if not isinstance(value, bool):
            return "value.not_yes_no", {}
    elif kind is Kind.CHOICES:
        offered = {code for code, _ in field.choices}
        if not isinstance(value, tuple | list) or not all(isinstance(v, str) and writable(v) for v in value):
            return "value.not_list", {}
        if stray := [v for v in value if offered and v not in offered]:
            return "value.not_offered", {"value": ", ".join(stray)}
    elif kind is Kind.MOMENT:
        if not isinstance(value, datetime) or value.tzinfo is None or value.year not in YEARS:
            return "value.not_moment", {}
    elif kind is Kind.DATE:
        if not isinstance(value, date) or isinstance(value, datetime) or value.year not in YEARS:
            return "value.not_date", {}
    elif not _is_place(value):
        return "value.not_place", {}
    return None


HALVES = range(0xD800, 0xE000)
"""Halves of pairs of surrogates, which are no characters; written as numbers, for a compiler reads no such text."""


def writable(text: str) -> bool:
    """Whether a text can be kept: no NUL, which no database keeps, and no half of a pair of surrogates."""
    return text.isprintable() or ("\0" not in text and not any(ord(c) in HALVES for c in text))


def _is_place(value: object) -> bool:
    """A pair of whole micro-degrees, longitude first, WGS-84."""
    if not isinstance(value, tuple | list) or len(value) != len(PLACE_LIMIT):
        return False
    return all(
        isinstance(v, int) and not isinstance(v, bool) and abs(v) <= top
        for v, top in zip(value, PLACE_LIMIT, strict=True)
    )


def parse(kind: Kind, value: object) -> object:
    """A value as its own kind, from JSON or a form: text of a moment becomes a moment, of a day a day, lists tuples.

    What cannot be read is given back as it is; :func:`fault` then names it.
    """
    try:
        if kind is Kind.MOMENT and isinstance(value, str):
            return datetime.fromisoformat(value)
        if kind is Kind.DATE and isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        return value
    return tuple(value) if isinstance(value, list) else value
