"""Adding up whole days, a little at a time: by unit, by block, and by the time a thing took."""

from __future__ import annotations

from guangyue.records.database import Db
from guangyue.records.figures.spans import EPOCH, SPANS
from guangyue.records.figures.spots import place_new

__all__ = ["BUCKET", "UNROLLED", "begin_anew", "roll"]

BUCKET = "case when w is null then null when w < 120 then w when w < 1440 then w / 10 * 10 else least(w / 60 * 60, 525600) end"
"""Minutes as they are kept: exact up to two hours, then in tens, then in hours, a year at the most."""
UNROLLED = "array(select u.id from tally u where u.xid >= (select last_xid from figure_mark) order by u.xid)"
"""The tallies since the last rollup. As an array they are found once, by their index, and count as few to the planner,
who would else go through all tallies of a window, since it cannot know how far the mark is."""
_HORIZON = """
    select pg_snapshot_xmin(pg_current_snapshot())::text, last_xid::text
    from (select last_xid from figure_mark for update) m
"""
_ROLL = """
with recent as materialized (
    select t.procedure, t.figure, (t.at at time zone 'Asia/Shanghai')::date as day, t.unit, t.amount,
        coalesce(s.block, '') as block, {bucket} as minutes
    from tally t left join matter m on m.id = t.matter_id left join figure_spot s on s.matter_id = t.matter_id
    cross join lateral (
        select case when m.opened_at <= t.at then extract(epoch from t.at - m.opened_at)::integer / 60
            when m.opened_at is not null then 0 end as w
    ) x
    where t.xid >= %(since)s::text::xid8 and t.xid < %(before)s::text::xid8
), days as (
    insert into figure_day (procedure, figure, day, unit, value)
    select procedure, figure, day, unit, sum(amount)::bigint from recent group by 1, 2, 3, 4
    on conflict (procedure, figure, day, unit) do update set value = figure_day.value + excluded.value
), blocks as (
    insert into figure_block (span, procedure, figure, day, block, unit, value)
    select g.span, procedure, figure, day - mod(day - date '{epoch}', g.span), block, unit, sum(amount)::bigint
    from recent cross join unnest(%(spans)s::smallint[]) g (span) group by 1, 2, 3, 4, 5, 6
    on conflict (span, procedure, figure, day, block, unit) do update set value = figure_block.value + excluded.value
), waits as (
    insert into figure_wait (grain, procedure, figure, day, minutes, unit, value)
    select g.grain, procedure, figure, date_trunc(g.grain, day)::date, minutes, unit, count(*)
    from recent cross join (values ('day'), ('month')) g (grain) where minutes is not null and amount > 0
    group by 1, 2, 3, 4, 5, 6
    on conflict (grain, procedure, figure, day, minutes, unit) do update set value = figure_wait.value + excluded.value
), moved as (
    update figure_mark set last_xid = %(before)s::text::xid8
)
select count(*) from recent
""".replace("{bucket}", BUCKET).replace("{epoch}", EPOCH.isoformat())


def roll(raw: Db) -> int:
    """Adds the tallies since the last time to their days, in the caller's transaction.

    Only tallies older than every transaction in flight are taken, so none is ever stepped over. Two rollups at once wait
    for each other. Matters that were not placed yet are placed first.

    Returns:
        How many tallies were added.
    """
    row = raw.execute(_HORIZON).fetchone()
    before, since = row or ("0", "0")
    place_new(raw, since)
    counted = raw.execute(_ROLL, {"before": before, "since": since, "spans": list(SPANS)}).fetchone()
    return int(counted[0]) if counted else 0


def begin_anew(raw: Db) -> None:
    """Forgets what was added up, so that the next rollup counts all tallies again: another database numbers its own."""
    for table in ("figure_day", "figure_block", "figure_wait", "figure_standing", "figure_standing_at"):
        raw.execute(f"delete from {table}")  # noqa: S608 - our own words
    raw.execute("update figure_mark set last_xid = '0'")
