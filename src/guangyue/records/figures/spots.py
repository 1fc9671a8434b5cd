"""In which block a matter lies: worked out once, when it is first counted or seen open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guangyue.records.database import Db

__all__ = ["NOWHERE", "place_new"]

NOWHERE = ""
"""No block was drawn there, or the matter has no position."""
MANY = 200_000
"""Matters placed at a time; the next rollup goes on."""
MICRO = 1_000_000
_NEW = """
    select m.id, m.lon, m.lat from (
        select id from matter where closed_at is null and lon is not null
        union select t.matter_id from tally t where t.xid >= %(since)s::text::xid8
    ) n join matter m on m.id = n.id
    where not exists (select from figure_spot s where s.matter_id = n.id) order by m.id limit %(most)s
"""
_PLACE = """
    insert into figure_spot (matter_id, block) select * from unnest(%s::bigint[], %s::text[]) on conflict do nothing
"""


def place_new(raw: Db, since: str) -> int:
    """Places the matters that are open or newly counted and have no block yet, in the caller's transaction.

    Args:
        raw: a connection that holds the mark.
        since: the mark, up to which everything has been counted.

    Returns:
        how many were placed.
    """
    done = 0
    areas: Areas | None = None
    while rows := raw.execute(_NEW, {"most": MANY, "since": since}).fetchall():
        areas = areas or Areas(raw)
        blocks = areas.of([(lon, lat) for _, lon, lat in rows])
        raw.execute(_PLACE, [[row[0] for row in rows], blocks])
        done += len(rows)
        if len(rows) < MANY:
            break
    return done


class Areas:
    """The blocks of the city in memory, the smallest named first."""

    def __init__(self, raw: Db) -> None:
        """Read them."""
        import shapely  # only where blocks are asked for: it brings numpy, and every process would wait for both

        rows = raw.execute("select layer, code, boundary from city_block order by area_m2, id").fetchall()
        self._names = [f"{layer}:{code}" for layer, code, _ in rows]
        self._tree = shapely.STRtree([shapely.from_wkb(bytes(boundary)) for _, _, boundary in rows])

    def of(self, places: Sequence[tuple[int | None, int | None]]) -> list[str]:
        """The block of each place given in micro-degrees, WGS-84."""
        import shapely

        found = [len(self._names)] * len(places)
        known = [
            (n, lon / MICRO, lat / MICRO) for n, (lon, lat) in enumerate(places) if lon is not None and lat is not None
        ]
        if known:
            points = shapely.points([lon for _, lon, _ in known], [lat for _, _, lat in known])
            for n, area in zip(*self._tree.query(points, predicate="intersects"), strict=True):
                at = known[int(n)][0]
                found[at] = min(found[at], int(area))
        return [self._names[n] if n < len(self._names) else NOWHERE for n in found]
