"""Lengths of time as the law writes them: an amount and a unit (期限)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from guangyue.law.errors import LawError
from guangyue.law.override import override
from guangyue.law.text import Text

__all__ = ["Span", "Unit"]


class Unit(StrEnum):
    """Units of a term. The value is the short form in which rules are written: ``5 wd``."""

    SECOND = "s"
    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WORKING_DAY = "wd"
    MONTH = "mo"
    YEAR = "y"

    @property
    def is_clock(self) -> bool:
        """True for units that run by the clock, day and night (seconds, minutes, hours)."""
        return self in _SECONDS


_SECONDS = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600}
_WORDS = {
    Unit.SECOND: ("秒", "second"),
    Unit.MINUTE: ("分钟", "minute"),
    Unit.HOUR: ("小时", "hour"),
    Unit.DAY: ("日", "day"),
    Unit.WORKING_DAY: ("个工作日", "working day"),
    Unit.MONTH: ("个月", "month"),
    Unit.YEAR: ("年", "year"),
}
_FORM = re.compile(r"([0-9]{1,9}) ?(s|min|h|d|wd|mo|y)")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: ``Span(5, Unit.WORKING_DAY)``, written ``5 wd``.

    Nought of a clock unit means at once; nought of a day unit means by the end of the same day.
    """

    amount: int
    unit: Unit
    clock: timedelta | None = field(init=False, repr=False, compare=False)
    """The exact length of a clock span (seconds, minutes, hours); None for days, months and years."""

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise LawError("law.span.malformed", given=f"{self.amount} {self.unit}")
        seconds = _SECONDS.get(self.unit)
        object.__setattr__(self, "clock", None if seconds is None else timedelta(seconds=self.amount * seconds))

    @classmethod
    def parse(cls, written: str) -> Span:
        """Reads the short form: ``10 min``, ``5 wd``, ``6 mo``.

        Raises:
            LawError: ``law.span.malformed``.
        """
        match = _FORM.fullmatch(written.strip())
        if match is None:
            raise LawError("law.span.malformed", given=written)
        return cls(int(match[1]), Unit(match[2]))

    @override
    def __reduce__(self) -> tuple[type[Span], tuple[int, Unit]]:
        return Span, (self.amount, self.unit)  # copied by making it anew: a frozen one takes no assignments

    @override
    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value}"

    @property
    def text(self) -> Text:
        """The length in words: 5 个工作日, 5 working days; seconds are broken down into hours and minutes."""
        if self.amount == 0:
            return Text("立即", "at once") if self.unit.is_clock else Text("当日", "the same day")
        if self.unit is not Unit.SECOND:
            return _words(self.amount, self.unit)
        parts = []
        rest = self.amount
        for unit in (Unit.HOUR, Unit.MINUTE, Unit.SECOND):
            count, rest = divmod(rest, _SECONDS[unit])
            if count:
                parts.append(_words(count, unit))
        return Text("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _words(amount: int, unit: Unit) -> Text:
    zh, en = _WORDS[unit]
    return Text(f"{amount}{zh}", f"{amount} {en}" if amount == 1 else f"{amount} {en}s")
