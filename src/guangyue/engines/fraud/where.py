"""Conditions on a record, as short text an analyst reads aloud: ``direction = in and duration >= 600``.

One condition is a chain of terms joined by ``and``:

- ``column = value``, ``!=``, ``<``, ``<=``, ``>``, ``>=``; codes by name, money in fen, durations in seconds;
- ``column in a|b|c`` for codes;
- ``new column 30d``: the record's token in this column was not seen with this entity in this source during the days
  before (tile-aligned like every long window). It turns "a first transfer to a stranger" into a condition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from guangyue.engines.fraud.schema import Kind, SourceError

if TYPE_CHECKING:
    from guangyue.engines.fraud.schema import Source

__all__ = ["NEW", "OPERATORS", "Term", "parse", "span", "span_text"]

NEW = "new"
OPERATORS: tuple[str, ...] = ("=", "!=", "<", "<=", ">", ">=", "in", NEW)
"""Every operator; its position is its number in the compiled program."""

_TERM = re.compile(r"(?P<column>[a-z_]+)\s*(?P<op>!=|<=|>=|=|<|>|\sin\s)\s*(?P<value>[a-zA-Z0-9_|\s-]+)")
_NEW = re.compile(r"new\s+(?P<column>[a-z_]+)\s+(?P<span>\d+[mhd])")
_SPAN = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison.

    Attributes:
        column: the record's column.
        op: one of :data:`OPERATORS`.
        value: the number compared with; a bit set of codes for ``in``; the window in milliseconds for ``new``.
    """

    column: str
    op: str
    value: int

    @property
    def op_number(self) -> int:
        """The operator's place in :data:`OPERATORS`."""
        return OPERATORS.index(self.op)


def span(text: str) -> timedelta:
    """A duration written ``90s``, ``5m``, ``24h`` or ``30d``.

    Raises:
        SourceError: ``fraud.where`` when it is written otherwise.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        raise SourceError("fraud.where", f"a duration is written like 90s, 5m, 24h, 30d, not {text!r}")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def span_text(value: timedelta) -> str:
    """The duration in its largest whole unit, days only from two on: ``24h``, ``7d``."""
    whole = int(value.total_seconds())
    for unit, size, least in (("d", 86_400, 2), ("h", 3_600, 1), ("m", 60, 1)):
        if whole >= size * least and whole % size == 0:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def parse(text: str, source: Source) -> tuple[Term, ...]:
    """The terms of a condition, checked against the source's columns; sorted, so equal conditions compare equal.

    Raises:
        SourceError: with the place and what would have been right.
    """
    terms = [_term(part.strip(), source) for part in re.split(r"\sand\s", text)] if text.strip() else []
    return tuple(sorted(terms, key=lambda t: (t.column, t.op, t.value)))


def _term(text: str, source: Source) -> Term:
    if match := _NEW.fullmatch(text):
        column = source.column(match["column"])
        if column.kind is not Kind.TOKEN:
            raise SourceError(
                "fraud.where", f"{source.code}: `new` needs a token, {column.name} is {column.kind.value}"
            )
        return Term(column.name, NEW, round(span(match["span"]).total_seconds() * 1000))
    match = _TERM.fullmatch(text)
    if match is None:
        raise SourceError(
            "fraud.where", f"{source.code}: {text!r} is not `column = value`, `column in a|b`, `new column 30d`"
        )
    column, op, raw = source.column(match["column"]), match["op"].strip(), match["value"].strip()
    values = [column.number(_literal(v.strip())) for v in raw.split("|")]
    if op == "in":
        if column.kind is not Kind.CODE:
            raise SourceError("fraud.where", f"{source.code}: `in` needs a code, {column.name} is {column.kind.value}")
        return Term(column.name, op, sum(1 << v for v in set(values)))
    if len(values) != 1:
        raise SourceError("fraud.where", f"{source.code}: {text!r} compares with one value; use `in` for several")
    if column.kind in {Kind.CODE, Kind.TOKEN} and op not in {"=", "!="}:
        raise SourceError("fraud.where", f"{source.code}: {column.name} is a {column.kind.value}, it has no order")
    return Term(column.name, op, values[0])


def _literal(text: str) -> str | int:
    return int(text) if text.lstrip("-").isdigit() else text
