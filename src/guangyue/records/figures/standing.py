"""What stands open where (在办与逾期): counted now and then, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.records.figures.rollup import roll
from guangyue.records.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guangyue.records.database import Db

__all__ = ["OLD", "Heap", "Pile", "Standing", "in_block", "late_rows", "stand", "standing"]

OLD = timedelta(seconds=90)
"""A count older than this is made anew by whoever asks; the runner makes one every half minute."""
_COUNT = """
    insert into figure_standing (holder, procedure, state, block, open, overdue, oldest, due)
    select m.holder, m.procedure, m.state, coalesce(s.block, ''), count(*),
        count(*) filter (where m.due_at < (select city_now())), min(m.opened_at), min(m.due_at)
    from matter m left join figure_spot s on s.matter_id = m.id where m.closed_at is null group by 1, 2, 3, 4
"""
_AT = """
    insert into figure_standing_at (at) values (city_now()) on conflict (one) do update set at = excluded.at
"""
_VERSION = "a.xmin::text || ' ' || a.ctid::text"
"""Of the row with the moment: with a clock that stands still two counts have the same moment."""
_WHEN = f"select at, city_now() - at, {_VERSION} from figure_standing_at a"  # noqa: S608 - our own words
_READ = f"""
    select a.at, {_VERSION}, s.holder, s.procedure, s.state, s.block, s.open, s.overdue, s.oldest, s.due
    from figure_standing_at a left join figure_standing s on true
"""  # noqa: S608 - our own words
_LATE = """
    select id from (
        select m.id from matter m
        where m.closed_at is null and coalesce(m.due_at, timestamptz 'infinity') < (select city_now())
            and (%(procedures)s::text[] is null or m.procedure = any(%(procedures)s))
            and (%(holders)s::text[] is null or m.holder = any(%(holders)s)) and {here}
        union
        select l.id from unnest(%(codes)s::text[], %(states)s::text[]) k (procedure, state) cross join lateral (
            select m.id from matter m where m.procedure = k.procedure and m.state = k.state
                and (%(holders)s::text[] is null or m.holder = any(%(holders)s)) and {here}
            order by m.opened_at desc, m.id desc limit %(most)s
        ) l
    ) late order by id desc limit %(most)s
"""
_HERE = "exists (select from figure_spot s where s.matter_id = m.id and s.block = %(block)s)"
_IN_BLOCK = """
    select m.id from figure_spot s join matter m on m.id = s.matter_id
    where s.block = %(block)s and (%(open)s::boolean is null or (m.closed_at is null) = %(open)s)
    order by m.id desc limit %(most)s
"""
_read: list[tuple[tuple[object, ...], Standing]] = []
_placed: Kept[tuple[str, list[int]]] = Kept(32)
LOCK = 0x6775616E67_31
_ALONE = "select pg_advisory_xact_lock(%s)"


@dataclass(frozen=True, slots=True)
class Pile:
    """So many matters of one procedure in one state, with one unit, in one block.

    Attributes:
        oldest: when the first of them was opened. due: the next clock among them.
    """

    holder: str
    procedure: str
    state: str
    block: str
    open: int
    overdue: int
    oldest: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """All that stands open, as it was at a moment; one count is one object, so that what is made of it can be kept."""

    at: datetime
    piles: tuple[Pile, ...]


@dataclass(slots=True)
class Heap:
    """Piles thrown together.

    Attributes:
        oldest: when the first of these matters was opened. due: the next clock among them.
    """

    open: int = 0
    overdue: int = 0
    oldest: datetime | None = None
    due: datetime | None = None

    def add(self, pile: Pile | Heap) -> None:
        """One more pile."""
        self.open += pile.open
        self.overdue += pile.overdue
        if pile.oldest is not None and (self.oldest is None or pile.oldest < self.oldest):
            self.oldest = pile.oldest
        if pile.due is not None and (self.due is None or pile.due < self.due):
            self.due = pile.due


def stand(raw: Db) -> None:
    """Counts anew, in the caller's transaction; one at a time."""
    raw.execute(_ALONE, [LOCK])
    raw.execute("delete from figure_standing")
    raw.execute(_COUNT)
    raw.execute(_AT)


def standing(raw: Db, *, old: timedelta = OLD) -> Standing:
    """What stands open; counted anew where the last count is older than ``old`` (no runner is at work)."""
    row = raw.execute(_WHEN).fetchone()
    if row is None or not timedelta() <= row[1] <= old:
        with raw.transaction():
            raw.execute(_ALONE, [LOCK])
            row = raw.execute(_WHEN).fetchone()  # somebody who held the lock may have counted meanwhile
            if row is None or not timedelta() <= row[1] <= old:
                roll(raw)
                stand(raw)
        row = raw.execute(_WHEN).fetchone()
    for version, count in _read:
        if version == row[::2]:  # type: ignore[index]  # it was just written
            return count
    # One statement, so that what is kept under a version was counted with it.
    rows = raw.execute(_READ).fetchall()
    found = Standing(rows[0][0], tuple(Pile(*r[2:]) for r in rows if r[2] is not None))
    _read[:] = [(rows[0][:2], found)]
    return found


def late_rows(
    raw: Db, ran_out: Sequence[tuple[str, str]], *, procedures: Sequence[str] = (), holders: Sequence[str] = (),
    block: str = "", most: int = 2_000,
) -> list[int]:  # fmt: skip
    """The newest open matters that are late: a clock is past its end, or they stand where a clock ran out to.

    Args:
        raw: a connection.
        ran_out: procedures and states in which a matter is open because a clock ran out.
        procedures: only these; empty for all.
        holders: likewise.
        block: only in this block.
        most: so many.
    """
    asked = {
        "codes": [code for code, _ in ran_out], "states": [state for _, state in ran_out],
        "procedures": list(procedures) or None, "holders": list(holders) or None, "most": most, "block": block,
    }  # fmt: skip
    return [row[0] for row in raw.execute(_LATE.replace("{here}", _HERE if block else "true"), asked).fetchall()]


def in_block(raw: Db, block: str, *, open_: bool | None = None, most: int = 2_000) -> list[int]:
    """The rows of the newest matters of a block; who may see which of them is for the access functions to say.

    Matters are placed by rollups, so the answer is kept until the next one. Whoever asks for open ones asks again of each
    whether it still is.
    """
    mark: str = raw.execute("select last_xid::text from figure_mark").fetchone()[0]  # type: ignore[index]
    key = (raw.info.dbname, block, open_, most)
    kept = _placed.get(key)
    if kept is None or kept[0] != mark:
        asked = {"block": block, "open": open_, "most": most}
        kept = _placed.keep(key, (mark, [row[0] for row in raw.execute(_IN_BLOCK, asked).fetchall()]))
    return kept[1]
