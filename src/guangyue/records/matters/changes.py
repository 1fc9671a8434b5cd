"""What changed since: the feed behind pages that move by themselves (实时更新).

A cursor is a whole snapshot of the database (which transactions were finished, which were not), so nothing is stepped
over: a transaction that was still in flight when the last answer was given is not visible in that snapshot, and comes
with a later answer, whatever its number. Whoever watches asks again every second; an empty answer costs one look into an
index, and no writer waits for a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psycopg import errors

from guangyue.records.database import db as django_db
from guangyue.records.library import LIBRARY
from guangyue.records.matters.lines import COLUMNS, line_of, with_clocks
from guangyue.records.matters.scope import Scope, Standing, scope_of
from guangyue.records.matters.shown import Change, Changes, MatterLine
from guangyue.records.matters.standing import standings

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["KEPT", "Moved", "News", "changes_for", "cursor_now", "forget_changes", "moved_since"]

KEPT = "2 days"
_NOW = "select f.epoch || '~' || pg_current_snapshot()::text from change_floor f"
_AGE = """
    select f.epoch, pg_snapshot_xmin(c.s) <= f.xid, pg_snapshot_xmax(c.s) > pg_snapshot_xmax(pg_current_snapshot()),
        f.epoch || '~' || pg_current_snapshot()::text
    from change_floor f, (select %s::pg_snapshot as s) c
"""
# What is visible now and was not then. Ordered by transaction, as far as a page goes.
_SINCE = """
    select c.xid, c.matter_id, c.seq from change c
    where c.xid >= pg_snapshot_xmin(%(then)s::pg_snapshot) and not pg_visible_in_snapshot(c.xid, %(then)s::pg_snapshot)
        and pg_visible_in_snapshot(c.xid, %(now)s::pg_snapshot)
    order by c.xid, c.matter_id, c.seq
"""
_LINES = f"select {COLUMNS} from matter m where m.id = any(%s)"  # noqa: S608 - our own columns
_FORGET = """
    with old as (delete from change where at < clock_timestamp() - %s::interval returning xid)
    update change_floor f set xid = greatest(f.xid, (select max(xid) from old)) where exists (select from old)
"""


def cursor_now() -> str:
    """Where the feed stands: fetch this first, then the page, then ask from here."""
    return str(django_db().execute(_NOW).fetchone()[0])  # type: ignore[index]


def changes_for(viewer: Viewer, cursor: str, *, most: int = 500, library: Library = LIBRARY) -> Changes:
    """The matters that changed since a cursor, as far as the viewer may see them.

    The viewer is worked out by the caller for each question, so that a change of roles acts at once.

    Args:
        viewer: who watches.
        cursor: of the answer before, or `cursor_now`; an event's id that a browser sends back.
        most: when more matters than this changed, loading the page anew is cheaper: the answer says ``reset``.
        library: the procedures.
    """
    moved = moved_since(cursor, most=most)
    if moved.reset or not moved.last:
        return Changes((), moved.cursor, reset=moved.reset)
    raw = django_db()
    scope = scope_of(raw, viewer, library)
    return Changes(News.read(raw, library, moved).seen_by(scope), moved.cursor)


@dataclass(frozen=True, slots=True)
class Moved:
    """Which matters changed, whoever asks; with the number of the last entry of each.

    Attributes:
        cursor: to ask from next.
        reset: too much or too long ago to tell: load the page anew.
    """

    cursor: str
    last: Mapping[int, int] = field(default_factory=dict)
    reset: bool = False


def moved_since(cursor: str, *, most: int = 500) -> Moved:
    """The matters that changed since a cursor, before anybody's rights are considered."""
    raw = django_db()
    epoch, _, then = cursor.partition("~")
    try:
        with raw.transaction():
            row = raw.execute(_AGE, [then]).fetchone()
    except (errors.InvalidTextRepresentation, errors.DataError):
        row = None
    if row is None or row[0] != epoch or row[1] or row[2]:
        return Moved(cursor_now(), reset=True)
    fresh = row[3]
    rows = raw.execute(_SINCE, {"then": then, "now": fresh.partition("~")[2]}).fetchall()
    last = {matter: seq for _, matter, seq in rows}
    return Moved(fresh, reset=True) if len(last) > most else Moved(fresh, last)


@dataclass(frozen=True, slots=True)
class News:
    """Changed matters read once for many watchers; each sees of them what its scope admits."""

    standings: Mapping[int, Standing]
    lines: tuple[MatterLine, ...]
    last: Mapping[int, int]

    @classmethod
    def read(cls, raw: Db, library: Library, moved: Moved) -> News:
        """Lines with their clocks, and what decides who may see them."""
        ids = list(moved.last)
        known = {id_: standing for id_, (standing, _) in standings(raw, ids).items()}
        rows = {r[0]: r for r in raw.execute(_LINES, [ids]).fetchall()}
        lines = [(line_of(raw, library, rows[id_], ""), rows[id_][4]) for id_ in moved.last if id_ in rows]
        return cls(known, with_clocks(raw, library, lines), moved.last)

    def seen_by(self, scope: Scope) -> tuple[Change, ...]:
        """The changes that a scope admits, as its account sees them."""
        return tuple(
            Change(replace(line, mine=True) if line.assignee == scope.account else line, self.last[line.row])
            for line in self.lines
            if scope.admits(self.standings[line.row])
        )


def forget_changes(raw: Db) -> int:
    """Let go of what is older than two days; whoever was away longer loads the page anew."""
    return raw.execute(_FORGET, [KEPT]).rowcount
