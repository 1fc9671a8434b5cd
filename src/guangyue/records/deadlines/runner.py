"""The runner's loop: look, fire, sleep until the next clock; any number of them, and no leader."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import structlog

from guangyue.records.deadlines.fire import RUN, Fired, fire_due
from guangyue.records.deadlines.health import raise_alarms

if TYPE_CHECKING:
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["Runner"]

log = structlog.get_logger(__name__)
LAG = timedelta(minutes=1)
"""How far before the last clock seen the fast look begins, in real time."""
SWEEP = 60.0
LONGEST_SLEEP = 1.0
SHORTEST_SLEEP = 0.005
_NEXT = """
    select (select coalesce(next_attempt_at, due_at) from deadline
            where status = 'pending' and coalesce(next_attempt_at, due_at) > %s
            order by coalesce(next_attempt_at, due_at) limit 1), city_now(), rate from city_clock
"""


class Runner:
    """Fires clocks on a connection of its own until it is told to stop.

    A lost connection is made anew; what was locked is free by then, and what was not committed has not happened.
    """

    def __init__(self, dsn: str, library: Library, *, run: int = RUN, stop: threading.Event | None = None) -> None:
        """Name the database and the procedures; nothing is connected yet."""
        self._dsn = dsn
        self._library = library
        self._run = run
        self._mark: datetime | None = None
        self._lag = LAG
        self._swept = 0.0
        self._checked = 0.0
        self._stop = stop or threading.Event()
        self.fired = 0

    def stop(self) -> None:
        """End after the run at hand."""
        self._stop.set()

    def work(self) -> None:
        """Look and fire until stopped."""
        pause = 0.1
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True, application_name="guangyue deadlines") as db:
                    db.execute("listen deadline")
                    while not self._stop.is_set():
                        if self.poll(db).seen < self._run:
                            self._sleep(db)
                        pause = 0.1
            except psycopg.OperationalError as lost:
                log.warning("deadlines.connection_lost", error=str(lost).split("\n", maxsplit=1)[0])
                self._stop.wait(pause)
                pause = min(2 * pause, 5.0)

    def poll(self, db: Db) -> Fired:
        """One look: near the last clock seen, or at everything once a minute."""
        began = time.monotonic()
        sweep = self._mark is None or began - self._swept >= SWEEP
        after = None if sweep or self._mark is None else self._mark - self._lag
        # Read before the look: a clock that jumps during it may leave nothing between what was seen and the mark.
        first: datetime | None = db.execute("select city_now()").fetchone()[0] if self._mark is None else None  # type: ignore[index]
        done = fire_due(db, self._library, after=after, most=self._run)
        if sweep and done.seen < self._run:
            self._swept = began
        if done.mark is not None and (self._mark is None or done.mark > self._mark):
            self._mark = done.mark
        elif self._mark is None:
            self._mark = first
        self.fired += done.fired
        if began - self._checked >= 1:
            self._checked = began
            raise_alarms(db)
        return done

    def _sleep(self, db: Db) -> None:
        due, now, rate = db.execute(_NEXT, [(self._mark or datetime.now(UTC)) - self._lag], prepare=True).fetchone()  # type: ignore[misc]
        self._lag = LAG * max(rate, 1)
        wait = LONGEST_SLEEP
        if due is not None and rate:
            wait = min(wait, (due - now).total_seconds() / rate)
        for note in db.notifies(timeout=max(wait, SHORTEST_SLEEP), stop_after=1):
            self._told(note.payload)

    def _told(self, payload: str) -> None:
        """Somebody armed a clock that falls due at once; if it lies before our mark, the next look is a full one."""
        try:
            due = datetime.fromisoformat(payload)
        except ValueError:
            return
        if self._mark is not None and due <= self._mark - self._lag:
            self._mark = None
