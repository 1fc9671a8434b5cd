"""Asking: totals, by day, by unit, and the matters behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guangyue.law import CITY
from guangyue.records.database import Db
from guangyue.records.figures.rollup import UNROLLED

__all__ = ["Window", "by_day", "by_unit", "members", "total", "totals"]


@dataclass(frozen=True, slots=True)
class Window:
    """From (inclusive) to (exclusive), aware; and the units asked about, ``None`` for all."""

    start: datetime
    end: datetime
    units: tuple[str, ...] | None = None

    @classmethod
    def days(cls, first: date, last: date, units: tuple[str, ...] | None = None) -> Window:
        """Whole city days, both included."""
        start = datetime(first.year, first.month, first.day, tzinfo=CITY)
        end = datetime(last.year, last.month, last.day, tzinfo=CITY) + timedelta(days=1)
        return cls(start, end, units)

    @property
    def length(self) -> int:
        """How many days, a begun one counted."""
        return -(-(self.end - self.start) // timedelta(days=1))

    @property
    def first_day(self) -> date:
        """The city day in which it begins."""
        return self.start.astimezone(CITY).date()

    @property
    def last_day(self) -> date:
        """The city day before which it ends, where it is of whole days."""
        return self.end.astimezone(CITY).date()

    def a_year_before(self) -> Window:
        """The same days of the year before; 29 February compares with the 28th."""
        return Window(_year_before(self.start), _year_before(self.end), self.units)


def _year_before(at: datetime) -> datetime:
    local = at.astimezone(CITY)
    try:
        return local.replace(year=local.year - 1)
    except ValueError:
        return local.replace(year=local.year - 1, day=28)


# One answer from three places: whole days rolled up, tallies of days that the window cuts, tallies not rolled up yet.
_SUM = """
with asked as (
    select %(start)s::timestamptz as start, %(end)s::timestamptz as stop,
        (case when date_trunc('day', %(start)s::timestamptz, 'Asia/Shanghai') = %(start)s::timestamptz
            then %(start)s::timestamptz at time zone 'Asia/Shanghai'
            else (%(start)s::timestamptz at time zone 'Asia/Shanghai') + interval '1 day' end)::date as first_day,
        (%(end)s::timestamptz at time zone 'Asia/Shanghai')::date as last_day
), found as (
    select f.figure, f.unit, f.day, f.value from figure_day f, asked
    where f.procedure = %(procedure)s and f.figure = any(%(figures)s)
        and f.day >= asked.first_day and f.day < asked.last_day
    union all
    select t.figure, t.unit, (t.at at time zone 'Asia/Shanghai')::date, t.amount from tally t, asked
    where t.id = any({unrolled}) and t.procedure = %(procedure)s and t.figure = any(%(figures)s)
        and t.at >= asked.start and t.at < asked.stop
        and (t.at at time zone 'Asia/Shanghai')::date >= asked.first_day
        and (t.at at time zone 'Asia/Shanghai')::date < asked.last_day
    union all
    select t.figure, t.unit, (t.at at time zone 'Asia/Shanghai')::date, t.amount from tally t, asked
    where t.procedure = %(procedure)s and t.figure = any(%(figures)s)
        and t.at >= asked.start
        and t.at < least(asked.stop, asked.first_day::timestamp at time zone 'Asia/Shanghai')
    union all
    select t.figure, t.unit, (t.at at time zone 'Asia/Shanghai')::date, t.amount from tally t, asked
    where t.procedure = %(procedure)s and t.figure = any(%(figures)s)
        and t.at >= greatest(asked.first_day, asked.last_day)::timestamp at time zone 'Asia/Shanghai'
        and t.at < asked.stop and asked.last_day >= asked.first_day
)
select {columns} from found where %(units)s::text[] is null or unit = any(%(units)s) group by {by} order by {by}
""".replace("{unrolled}", UNROLLED)


def _ask(
    raw: Db, columns: str, by: str, procedure: str, figures: Sequence[str], window: Window
) -> list[tuple[object, ...]]:
    query = _SUM.replace("{columns}", columns).replace("{by}", by)
    values = {
        "procedure": procedure,
        "figures": list(figures),
        "start": window.start,
        "end": window.end,
        "units": list(window.units) if window.units is not None else None,
    }
    return raw.execute(query, values).fetchall()


def totals(raw: Db, procedure: str, figures: Sequence[str], window: Window) -> dict[str, int]:
    """The totals of several figures; nothing counted is nought."""
    rows = _ask(raw, "figure, sum(value)::bigint", "figure", procedure, figures, window)
    found = {str(figure): int(str(value)) for figure, value in rows}
    return {figure: found.get(figure, 0) for figure in figures}


def total(raw: Db, procedure: str, figure: str, window: Window) -> int:
    """One total."""
    return totals(raw, procedure, (figure,), window)[figure]


def by_day(raw: Db, procedure: str, figure: str, window: Window) -> dict[date, int]:
    """The days on which something was counted."""
    rows = _ask(raw, "day, sum(value)::bigint", "day", procedure, (figure,), window)
    return {day: int(str(value)) for day, value in rows if isinstance(day, date)}


def by_unit(raw: Db, procedure: str, figure: str, window: Window) -> dict[str, int]:
    """The units that counted something."""
    rows = _ask(raw, "unit, sum(value)::bigint", "unit", procedure, (figure,), window)
    return {str(unit): int(str(value)) for unit, value in rows}


def members(
    raw: Db, procedure: str, figure: str, window: Window, *, after: tuple[datetime, int] | None = None, most: int = 100
) -> list[tuple[datetime, int, int, int]]:
    """The entries behind a number, oldest first, page by page: moment, matter, journal entry, amount.

    ``after`` is the moment and matter of the last row of the page before.
    """
    return raw.execute(
        "select at, matter_id, seq, amount from tally"
        " where procedure = %(procedure)s and figure = %(figure)s and at >= %(start)s and at < %(end)s"
        " and (%(units)s::text[] is null or unit = any(%(units)s))"
        " and (%(at)s::timestamptz is null or (at, matter_id) > (%(at)s, %(matter)s))"
        " order by at, matter_id, seq limit %(most)s",
        {
            "procedure": procedure,
            "figure": figure,
            "start": window.start,
            "end": window.end,
            "units": list(window.units) if window.units is not None else None,
            "at": after[0] if after else None,
            "matter": after[1] if after else None,
            "most": most,
        },
    ).fetchall()
