"""Asking the rollups of boards: figures by block, and how long things took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.records.figures.rollup import BUCKET, UNROLLED
from guangyue.records.figures.spans import spans

if TYPE_CHECKING:
    from guangyue.records.database import Db
    from guangyue.records.figures.query import Window

__all__ = ["Took", "by_block", "entries", "several_by_day", "took"]

QUARTER = 92
"""Days up to which a window is answered day by day."""

# Whole days rolled up, and the tallies since the last rollup with the block and the time they will be rolled up under.
_FRESH = """
    select t.procedure, t.figure, (t.at at time zone 'Asia/Shanghai')::date as day, t.unit, t.amount as value,
        coalesce(s.block, '') as block, {bucket} as minutes
    from tally t left join matter m on m.id = t.matter_id left join figure_spot s on s.matter_id = t.matter_id
    cross join lateral (
        select case when m.opened_at <= t.at then extract(epoch from t.at - m.opened_at)::integer / 60
            when m.opened_at is not null then 0 end as w
    ) x
    where t.id = any({unrolled}) and t.at >= %(start)s and t.at < %(end)s
""".replace("{bucket}", BUCKET).replace("{unrolled}", UNROLLED)
_WHERE = """
    procedure = any(%(procedures)s) and figure = any(%(figures)s) and day >= %(first)s and day < %(last)s
    and (%(units)s::text[] is null or unit = any(%(units)s))
"""
# Whole months inside a window from the months, the days before and after them from the days.
_GRAINS = """
    (grain = 'month' and day >= %(month)s and day < %(months)s
        or grain = 'day' and (day < %(month)s or day >= %(months)s))
"""
_BLOCKS = f"""
with fresh as ({_FRESH}), found as (
    select figure, block, value
    from unnest(%(spans)s::smallint[], %(begins)s::date[], %(ends)s::date[]) r (length, begins, ends)
    join figure_block on span = r.length and day >= r.begins and day < r.ends
    where {_WHERE} and (%(block)s::text is null or block = %(block)s)
    union all select figure, block, value from fresh where {_WHERE} and (%(block)s::text is null or block = %(block)s)
) select block, figure, sum(value)::bigint from found group by 1, 2
"""  # noqa: S608 - our own words
_DAYS = f"""
with fresh as ({_FRESH}), found as (
    select figure, day, value from figure_day where {_WHERE}
    union all select figure, day, value from fresh where {_WHERE}
) select figure, day, sum(value)::bigint from found group by 1, 2
"""  # noqa: S608 - our own words
_WAITS = f"""
with fresh as ({_FRESH}), found as (
    select day, minutes, value from figure_wait where {_WHERE} and {_GRAINS}
    union all select day, minutes, 1 from fresh where {_WHERE} and minutes is not null and value > 0
) select day, minutes, sum(value)::bigint from found group by 1, 2 order by 2
"""  # noqa: S608 - our own words
# For every procedure and figure the first lines of its own walk along the index, then the first of all.
_ENTRIES = """
    select l.at, l.matter_id, l.seq, l.amount, k.procedure
    from unnest(%(procedures)s::text[]) k (procedure) cross join unnest(%(figures)s::text[]) f (figure)
    cross join lateral (
        select t.at, t.matter_id, t.seq, t.amount from tally t
        where t.procedure = k.procedure and t.figure = f.figure and t.at >= %(start)s and t.at < %(end)s
            and (%(units)s::text[] is null or t.unit = any(%(units)s)) and {here}
            and (%(at)s::timestamptz is null or (t.at, t.matter_id) > (%(at)s, %(matter)s))
        order by t.at, t.matter_id, t.seq limit %(most)s
    ) l order by l.at, l.matter_id, l.seq limit %(most)s
"""
_HERE = "(t.matter_id in (select s.matter_id from figure_spot s where s.block = %(block)s)) is true"
"""The matters of a block fit in a hash, and the walk asks it; ``is true`` keeps the planner from joining them, which would
lose the order."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long things took from a matter's opening, in minutes.

    Attributes:
        count: how many. median, most: the middle one, and the one that nine of ten do not exceed; nothing for none.
        by_day: the median of each day; of each month (under its first day) where whole months lie in a long window.
    """

    count: int
    median: int | None
    most: int | None
    by_day: dict[date, int]


def _asked(procedures: Sequence[str], figures: Sequence[str], window: Window) -> dict[str, object]:
    return {
        "procedures": list(procedures), "figures": list(figures), "start": window.start, "end": window.end,
        "first": window.first_day, "last": window.last_day, **_months(window),
        "units": list(window.units) if window.units is not None else None,
    }  # fmt: skip


def _months(window: Window) -> dict[str, date]:
    """The whole months of a window longer than a quarter: from, and until (exclusive); none of a shorter one."""
    first, last = window.first_day, window.last_day
    begin = first if first.day == 1 else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    end = last.replace(day=1)
    if window.length <= QUARTER or begin >= end:
        return {"month": last, "months": last}
    return {"month": begin, "months": end}


def by_block(
    raw: Db, procedures: Sequence[str], figures: Sequence[str], window: Window, *, block: str | None = None
) -> dict[str, dict[str, int]]:
    """Several figures of several procedures by block, or of one block alone; the window is of whole days."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    ranges = spans(window.first_day, window.last_day)
    asked = _asked(procedures, figures, window) | {
        "block": block, "spans": [r[0] for r in ranges], "begins": [r[1] for r in ranges], "ends": [r[2] for r in ranges],
    }  # fmt: skip
    for name, figure, value in raw.execute(_BLOCKS, asked).fetchall():
        found[name][figure] = int(value)
    return dict(found)


def several_by_day(
    raw: Db, procedures: Sequence[str], figures: Sequence[str], window: Window
) -> dict[str, dict[date, int]]:
    """Several figures, summed over several procedures, by day; the window is of whole days."""
    found: dict[str, dict[date, int]] = {f: {} for f in figures}
    for figure, day, value in raw.execute(_DAYS, _asked(procedures, figures, window)).fetchall():
        found[figure][day] = int(value)
    return found


def took(raw: Db, procedures: Sequence[str], figures: Sequence[str], window: Window) -> Took:
    """How long it took from opening to what these figures count."""
    rows = [(day, int(m), int(n)) for day, m, n in raw.execute(_WAITS, _asked(procedures, figures, window)).fetchall()]
    per_day: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    for day, minutes, n in rows:
        per_day[day].append((minutes, n))
    whole = [(m, n) for _, m, n in rows]
    return Took(
        sum(n for _, n in whole), _quantile(whole, 0.5), _quantile(whole, 0.9),
        {day: q for day, given in sorted(per_day.items()) if (q := _quantile(given, 0.5)) is not None},
    )  # fmt: skip


def entries(
    raw: Db, procedures: Sequence[str], figures: Sequence[str], window: Window, *, block: str | None = None,
    after: tuple[datetime, int] | None = None, most: int = 100,
) -> list[tuple[datetime, int, int, int, str]]:  # fmt: skip
    """The entries behind a number, oldest first: moment, matter, journal entry, amount, procedure."""
    asked = _asked(procedures, figures, window) | {
        "block": block, "at": after[0] if after else None, "matter": after[1] if after else None, "most": most,
    }  # fmt: skip
    return raw.execute(_ENTRIES.replace("{here}", "true" if block is None else _HERE), asked).fetchall()


def _quantile(given: Sequence[tuple[int, int]], share: float) -> int | None:
    """The smallest value that at least this share does not exceed; ``given`` is ordered: value, how many."""
    whole = sum(n for _, n in given)
    wanted = -(-int(share * 1000) * whole // 1000)
    seen = 0
    for minutes, n in given:
        seen += n
        if n and seen >= wanted:
            return minutes
    return None
