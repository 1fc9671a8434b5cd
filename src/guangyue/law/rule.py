"""What every rule of this package has: a code, a title, a source, and the days between which it is the law."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from guangyue.law.errors import LawError
from guangyue.law.source import Source
from guangyue.law.span import Span
from guangyue.law.text import Text
from guangyue.law.zone import local_date

__all__ = ["Kind", "Rule", "TermRule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A dated rule of law or of the city.

    Attributes:
        code: stable name, unique among the rules of one day.
        title: what the rule says, in a few words.
        source: the provision it rests on.
        verified: False until somebody who answers for it has read the provision: every rule that is local or was not
            read in full text starts so, and shows so on screen.
        effective_from: first day on which it is the law.
        effective_to: last day, None while it is in force.
    """

    code: str
    title: Text
    source: Source
    verified: bool
    effective_from: date
    effective_to: date | None = None

    def in_force(self, on: date | datetime) -> bool:
        """Whether this is the law on a day; a moment counts as its day in the city."""
        day = local_date(on)
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class Kind(StrEnum):
    """What the end of a term means."""

    DO_BY = "do_by"
    """An agency or a party must have acted by then (办结时限)."""
    RIGHT = "right"
    """A party may act until then (权利期间)."""
    NOT_BEFORE = "not_before"
    """The next step may only follow afterwards (须满期间)."""
    LASTS = "lasts"
    """A measure or a power stands until then and lapses by itself (效力期间); its end never moves off a holiday."""
    KEEP = "keep"
    """Something must be kept at least so long (保存期限)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule(Rule):
    """A time limit (期限): from what, how long, how far it can be extended.

    Attributes:
        trigger: the event from which it runs.
        span: its length.
        kind: what its end means.
        clock_time: ``"24:00"`` when it ends at midnight of the day in which it begins, holiday or not; else None.
        extension: the longest single extension, None when there is none.
        max_extensions: how many.
        cap: the longest the term may become with all extensions, None when their number is the only bound.
        liberty: somebody's liberty is restricted meanwhile: the last day never moves off a holiday.
        day_source: the clause by which its days are working days, None where the provision itself says so or not.
        is_setting: the city's own promise (``S-…``), which the city may set differently.
    """

    trigger: Text
    span: Span
    kind: Kind = Kind.DO_BY
    clock_time: str | None = None
    extension: Span | None = None
    max_extensions: int = 0
    cap: Span | None = None
    liberty: bool = False
    day_source: Source | None = None
    is_setting: bool = False
    stays: bool = field(init=False, repr=False, compare=False)
    """The last day stands even on a holiday: liberty, a lapsing measure, or a clock time."""

    def __post_init__(self) -> None:
        faults = self._faults()
        if faults:
            raise LawError("law.rule.malformed", code=self.code, why="; ".join(faults))
        object.__setattr__(self, "stays", self.liberty or self.kind is Kind.LASTS or self.clock_time is not None)

    def _faults(self) -> list[str]:
        units = {span.unit for span in (self.span, self.extension, self.cap) if span}
        checks = {
            "an extension needs a length and a number": (self.extension is None) != (self.max_extensions == 0),
            f"mixed units {sorted(units)}": len(units) > 1,
            "the cap is shorter than the term": self.cap is not None and self.cap.amount < self.span.amount,
            f"unknown clock time {self.clock_time}": self.clock_time not in {None, "24:00"},
            "a clock time belongs to the day of the start": self.clock_time is not None
            and (self.span.amount > 0 or self.span.unit.is_clock),
            "it ends before it begins": self.effective_to is not None and self.effective_to < self.effective_from,
        }
        return [why for why, broken in checks.items() if broken]

    def extended(self, *granted: Span) -> Span:
        """The whole length once these extensions have been granted, one after the other.

        Raises:
            LawError: ``law.extension.none``, ``.count``, ``.length`` (one is too long or in another unit) or ``.cap``.
        """
        if granted and self.extension is None:
            raise LawError("law.extension.none", code=self.code)
        if len(granted) > self.max_extensions:
            raise LawError("law.extension.count", code=self.code, most=self.max_extensions)
        for span in granted:
            most = self.extension
            if most is not None and (span.unit is not most.unit or span.amount > most.amount):
                raise LawError("law.extension.length", code=self.code, most=most.text, given=span.text)
        whole = Span(self.span.amount + sum(span.amount for span in granted), self.span.unit)
        if self.cap is not None and whole.amount > self.cap.amount:
            raise LawError("law.extension.cap", code=self.code, given=whole.text, most=self.cap.text)
        return whole
