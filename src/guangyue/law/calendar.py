"""The working-day calendar (工作日历): the State Council's yearly table made countable.

Weekends and festival days are free, make-up days (调休上班) are worked. Every day is numbered once, so that adding
working days is two look-ups. Past ``official_until`` Monday to Friday count as worked: what rests on such a day is
provisional and is computed anew when the year's table arrives.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.law.due import Due
from guangyue.law.errors import LawError
from guangyue.law.override import override
from guangyue.law.zone import OFFSET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guangyue.law.text import Text

__all__ = ["Calendar", "Festival", "YearTable"]

_HORIZON_YEARS = 12
"""Years past the last table that stay countable; the longest term of the catalogue is five years."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Festival:
    """One festival of a year's notice: the free days from first to last, and the weekend days worked for it."""

    name: Text
    first: date
    last: date
    make_up: tuple[date, ...] = ()

    def days(self) -> Iterable[date]:
        """Every day from first to last."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class YearTable:
    """The State Council's table of one year (放假安排)."""

    year: int
    notice: str
    festivals: tuple[Festival, ...]

    def __post_init__(self) -> None:
        for festival in self.festivals:
            if festival.last < festival.first:
                raise LawError("law.calendar.year", year=self.year, why=f"{festival.first} > {festival.last}")
            for day in festival.make_up:
                if day.weekday() < _SATURDAY:
                    raise LawError("law.calendar.year", year=self.year, why=f"{day} is no weekend day")

    def free_days(self) -> frozenset[date]:
        """Days off, weekends inside a festival included."""
        return frozenset(day for festival in self.festivals for day in festival.days())

    def make_up_days(self) -> frozenset[date]:
        """Weekend days worked."""
        return frozenset(day for festival in self.festivals for day in festival.make_up)


class Calendar:
    """Which days are worked, from the first table's year on.

    Attributes:
        tables: one :class:`YearTable` a year, without a gap.
        version: names these tables and their content, ``CN-2026-1a2b3c4d``; kept with every computed deadline.
        official_until: last day the State Council has settled; later days are provisional.
    """

    __slots__ = (
        "_base",
        "_count",
        "_ends",
        "_free",
        "_last",
        "_made_up",
        "_nth",
        "_settled",
        "official_until",
        "tables",
        "version",
    )

    def __init__(self, tables: Iterable[YearTable]) -> None:
        self.tables = tuple(sorted(tables, key=lambda table: table.year))
        years = [table.year for table in self.tables]
        if not years or years != list(range(years[0], years[-1] + 1)):
            raise LawError("law.calendar.year", year=years[0] if years else 0, why="a year is missing or doubled")
        self._free = frozenset(day for table in self.tables for day in table.free_days())
        self._made_up = frozenset(day for table in self.tables for day in table.make_up_days())
        both = sorted(self._free & self._made_up)
        if both:
            raise LawError("law.calendar.year", year=both[0].year, why=f"{both[0]} is free and worked")
        self.official_until = date(years[-1], 12, 31)
        self._settled = self.official_until.toordinal()
        self.version = f"CN-{years[-1]}-{self._digest()}"
        self._base = date(years[0], 1, 1).toordinal()
        self._last = date(years[-1] + _HORIZON_YEARS, 12, 31).toordinal()
        self._number_days()

    def _digest(self) -> str:
        days = [f"{day}-" for day in self._free] + [f"{day}+" for day in self._made_up]
        return f"{zlib.crc32(' '.join(sorted(days)).encode()):08x}"

    def _number_days(self) -> None:
        free = {day.toordinal() for day in self._free}
        made_up = {day.toordinal() for day in self._made_up}
        count: list[int] = []
        nth: list[int] = []
        for ordinal in range(self._base, self._last + 1):
            is_weekday = (ordinal + 6) % 7 < _SATURDAY
            if ordinal in made_up or (is_weekday and ordinal not in free):
                nth.append(ordinal)
            count.append(len(nth))
        self._count = count
        self._nth = nth
        self._ends: list[Due | None] = [None] * len(count)

    @override
    def __repr__(self) -> str:
        return f"<Calendar {self.version} until {self.official_until}>"

    def with_year(self, table: YearTable) -> Calendar:
        """A new calendar with this year added, or put in the place of the table of the same year."""
        return Calendar([*(old for old in self.tables if old.year != table.year), table])

    def _index(self, ordinal: int) -> int:
        if ordinal < self._base:
            first = date.fromordinal(self._base)
            raise LawError("law.calendar.before", first=first, given=date.fromordinal(max(ordinal, 1)))
        if ordinal > self._last:
            raise LawError("law.calendar.beyond", given=f"> {date.fromordinal(self._last)}")
        return ordinal - self._base

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked; provisional past ``official_until``."""
        index = self._index(day.toordinal())
        return self._count[index] > (self._count[index - 1] if index else 0)

    def is_settled(self, day: date) -> bool:
        """Whether the State Council has settled this day; else what rests on it is provisional."""
        return day <= self.official_until

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; none when ``last`` is not later."""
        return max(0, self._count[self._index(last.toordinal())] - self._count[self._index(first.toordinal())])

    def add_working_days(self, day: date, amount: int) -> date:
        """The last of so many working days, the day itself excluded; none gives :meth:`this_or_next`."""
        return date.fromordinal(self.nth_after(day.toordinal(), amount))

    def this_or_next(self, day: date) -> date:
        """The day itself when it is worked, else the next working day (顺延)."""
        return date.fromordinal(self.nth_after(day.toordinal(), 0))

    def nth_after(self, ordinal: int, amount: int) -> int:
        """:meth:`add_working_days` in day numbers (``date.toordinal``), for callers who compute many."""
        index = ordinal - self._base
        if index < 0 or ordinal > self._last:
            index = self._index(ordinal)
        position = self._count[index] + amount - 1 if amount else self._count[index - 1] if index else 0
        if position >= len(self._nth):
            raise LawError("law.calendar.beyond", given=f"+ {amount} wd")
        return self._nth[position]

    def ending(self, ordinal: int) -> Due:
        """The end of a term whose last day has this number: 24:00, when the next day begins in the city."""
        index = ordinal - self._base
        if index < 0 or ordinal > self._last:
            index = self._index(ordinal)
        end = self._ends[index]
        if end is None:
            at = datetime.fromordinal(ordinal + 1).replace(tzinfo=UTC) - OFFSET
            end = Due(at, provisional=ordinal > self._settled, calendar_version=self.version, inclusive=False)
            self._ends[index] = end
        return end
