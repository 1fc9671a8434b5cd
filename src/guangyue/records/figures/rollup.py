"""Adding up whole days, a little at a time."""

from __future__ import annotations

from guangyue.records.database import Db

__all__ = ["roll"]

_ROLL = """
with mark as (
    select last_xid from figure_mark for update
), horizon as (
    select pg_snapshot_xmin(pg_current_snapshot()) as xid
), fresh as (
    select t.procedure, t.figure, (t.at at time zone 'Asia/Shanghai')::date as day, t.unit, sum(t.amount)::bigint as value,
           count(*) as tallies
    from tally t, mark, horizon where t.xid >= mark.last_xid and t.xid < horizon.xid
    group by 1, 2, 3, 4
), added as (
    insert into figure_day (procedure, figure, day, unit, value)
    select procedure, figure, day, unit, value from fresh
    on conflict (procedure, figure, day, unit) do update set value = figure_day.value + excluded.value
), moved as (
    update figure_mark set last_xid = horizon.xid from horizon
)
select coalesce(sum(tallies), 0)::bigint from fresh
"""


def roll(raw: Db) -> int:
    """Adds the tallies since the last time to their days, in the caller's transaction.

    Only tallies older than every transaction in flight are taken, so none is ever stepped over. Two rollups at once wait
    for each other.

    Returns:
        How many tallies were added.
    """
    row = raw.execute(_ROLL).fetchone()
    return int(row[0]) if row else 0
