"""Whether every clock fires when it should: counted, kept as an alarm, and said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.records.database import Db

__all__ = ["Health", "health", "raise_alarms"]

log = structlog.get_logger(__name__)
PATIENCE = 5
"""Seconds of real time that a clock may be overdue."""
_HEALTH = """
    select c.now, c.rate,
        (select count(*) from deadline where status = 'pending'
            and coalesce(next_attempt_at, due_at) < c.now - make_interval(secs => %(patience)s * greatest(c.rate, 1))),
        (select count(*) from deadline where status = 'pending' and attempts > 0),
        (select min(due_at) from deadline where status = 'pending'
            and coalesce(next_attempt_at, due_at) < c.now - make_interval(secs => %(patience)s * greatest(c.rate, 1)))
    from (select city_now() as now, rate from city_clock offset 0) c
"""
_RAISE = """
    insert into alarm as a (kind, count, detail, since, seen_at) values (%s, %s, %s, %s, %s)
    on conflict (kind) do update set count = excluded.count, detail = excluded.detail, seen_at = excluded.seen_at,
        since = case when a.cleared_at is null then a.since else excluded.since end, cleared_at = null
    returning (xmax = 0) or since = seen_at
"""
_CLEAR = "update alarm set cleared_at = %s, count = 0 where kind = %s and cleared_at is null returning kind"


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the clocks.

    Attributes:
        now: city time. overdue: due for more than five seconds and not fired. failing: tried and put off.
        oldest: when the oldest of the overdue was due.
    """

    now: datetime
    overdue: int
    failing: int
    oldest: datetime | None

    @property
    def well(self) -> bool:
        """Nothing is overdue and nothing fails."""
        return not (self.overdue or self.failing)


def health(db: Db) -> Health:
    """Look at the clocks; anybody may, the runner or a page."""
    now, _, overdue, failing, oldest = db.execute(_HEALTH, {"patience": PATIENCE}).fetchone()  # type: ignore[misc]
    return Health(now, overdue, failing, oldest)


def raise_alarms(db: Db) -> Health:
    """Look, and keep what is wrong as alarms that stay until it is right again."""
    found = health(db)
    wrong = {
        "deadline.overdue": (found.overdue, f"oldest {found.oldest.isoformat()}" if found.oldest else ""),
        "deadline.failing": (found.failing, ""),
    }
    for kind, (count, detail) in wrong.items():
        if count:
            fresh = db.execute(_RAISE, [kind, count, detail, found.now, found.now]).fetchone()
            if fresh and fresh[0]:
                log.error("alarm.raised", kind=kind, count=count, detail=detail)
        elif db.execute(_CLEAR, [found.now, kind]).fetchone():
            log.info("alarm.cleared", kind=kind)
    return found
