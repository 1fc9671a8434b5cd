"""One run: up to a hundred due clocks in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from guangyue.kernel import Decision, Facts, Refusal, lapse
from guangyue.kernel.command import CLOCK_ACTOR
from guangyue.law import BOOK, CALENDAR
from guangyue.records.commands import load
from guangyue.records.commands.store import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["Fired", "fire_due"]

log = structlog.get_logger(__name__)
RUN = 100
_NAMES = ("id", "ref", "procedure", "version", "head", "updated_at", "agency", "snapshot")
_DUE = f"""
    select d.id, d.key, d.occurrence, d.due_at, coalesce(d.next_attempt_at, d.due_at), t.now, {load.COLUMNS}
    from (select city_now() as now offset 0) t, deadline d join matter m on m.id = d.matter_id
    where d.status = 'pending' and coalesce(d.next_attempt_at, d.due_at) < (select city_now())
      and coalesce(d.next_attempt_at, d.due_at) > %(after)s
    order by coalesce(d.next_attempt_at, d.due_at) limit %(most)s
    for update of m skip locked
"""  # noqa: S608 - our own columns
# Most looks find nothing: one statement without a transaction says so.
_ANY = """
    select from deadline where status = 'pending' and coalesce(next_attempt_at, due_at) < (select city_now())
        and coalesce(next_attempt_at, due_at) > %(after)s order by coalesce(next_attempt_at, due_at) limit 1
"""
_MORE = f"select {load.COLUMNS} from matter m where m.ref = any(%s) order by m.id for update skip locked"  # noqa: S608 - our own columns
# A clock that failed waits twice as long each time, an hour at most, and never in the way of others.
_FAILED = """
    update deadline set attempts = attempts + 1, last_error = %s,
        next_attempt_at = %s + least(interval '1 hour', interval '1 second' * power(2, least(attempts, 12)))
    where id = %s and status = 'pending' returning id
"""


@dataclass(frozen=True, slots=True)
class Fired:
    """What a run did.

    Attributes:
        fired: clocks that fired. failed: clocks that could not, and wait. seen: rows looked at.
        mark: the latest due time seen, to begin the next look near it.
    """

    fired: int = 0
    failed: int = 0
    seen: int = 0
    mark: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    key: str
    occurrence: int
    ref: str


def fire_due(db: Db, library: Library, *, after: datetime | None = None, most: int = RUN) -> Fired:
    """Fire clocks that have run out, oldest first.

    Args:
        db: a connection in autocommit mode.
        library: the procedures.
        after: look only at clocks due after this; everything when not given.
        most: how many in this transaction.

    Returns:
        what was done; fewer seen than ``most`` means nothing more is due just now.
    """
    try:
        return _run(db, library, after, most)
    except Exception as trouble:
        if db.closed:
            raise
        log.warning("deadlines.run_failed", error=_first_line(trouble))
    # Something in this run cannot be decided or written: take its clocks one by one, so that only the culprit stays behind.
    total = Fired()
    for _ in range(most):
        one = _alone(db, library, after)
        total = Fired(total.fired + one.fired, total.failed + one.failed, total.seen + one.seen, one.mark or total.mark)
        if not one.seen:
            break
    return total


class _CulpritError(Exception):
    """The one clock of a run that cannot be fired."""

    def __init__(self, id_: int, now: datetime, mark: datetime) -> None:
        super().__init__(id_)
        self.clock = (id_, now)
        self.mark = mark


def _first_line(trouble: BaseException) -> str:
    return f"{type(trouble).__name__}: {trouble}".split("\n", maxsplit=1)[0]


def _alone(db: Db, library: Library, after: datetime | None) -> Fired:
    try:
        return _run(db, library, after, 1)
    except _CulpritError as culprit:
        if db.closed:
            raise
        _fail(db, [(*culprit.clock, _first_line(culprit.__cause__ or culprit))])
        return Fired(failed=1, seen=1, mark=culprit.mark)


def _look(after: datetime | None, most: int) -> dict[str, Any]:
    return {"after": after or "-infinity", "most": most}


def _run(db: Db, library: Library, after: datetime | None, most: int) -> Fired:
    if not db.execute(_ANY, {"after": after or "-infinity"}, prepare=True).rowcount:
        return Fired()
    with db.transaction():
        rows = db.execute(_DUE, _look(after, most), prepare=True).fetchall()
        if not rows:
            return Fired()
        matters: dict[str, load.Loaded] = {}
        failed: list[tuple[int, datetime, str]] = []
        due: list[_Due] = []
        now: datetime = rows[0][5]
        for id_, key, occurrence, _, _, _, *columns in rows:
            ref = columns[1]
            try:
                if ref not in matters:
                    matters[ref] = load.read(db, library, dict(zip(_NAMES, columns, strict=True)))
            except (LookupError, ValueError, TypeError) as fault:
                failed.append((id_, now, f"{type(fault).__name__}: {fault}"))
                continue
            due.append(_Due(id_, key, occurrence, ref))
        try:
            with db.pipeline():
                fired = _decide_all(db, library, matters, due, now, failed)
        except Exception as fault:
            if len(rows) > 1 or db.closed:
                raise
            raise _CulpritError(rows[0][0], now, rows[0][4]) from fault
        _fail(db, failed)
        return Fired(fired, len(failed), len(rows), rows[-1][4])


def _decide_all(
    db: Db, library: Library, matters: dict[str, load.Loaded], due: list[_Due], now: datetime,
    failed: list[tuple[int, datetime, str]],
) -> int:  # fmt: skip
    _load_ties(db, library, matters)
    now = max([now, *(m.updated_at for m in matters.values() if m.updated_at)])
    batch = Batch(db, library, now, matters)
    batch.expect({(d.ref, d.key, d.occurrence): d.id for d in due})
    fired = 0
    for clock in due:
        own = batch.now_of(clock.ref)
        related = {ref: batch.now_of(ref).matter for ref in load.ties(own.matter) if ref in matters}
        if len(related) < len(load.ties(own.matter)):
            continue  # somebody works on a related matter; the next look comes in a moment
        facts = Facts(now=now, actor=CLOCK_ACTOR, law=BOOK, calendar=CALENDAR, library=library, related=related)
        try:
            decision = lapse(own.procedure, own.matter, clock.key, clock.occurrence, facts)
        except Exception as fault:  # noqa: BLE001 - a poisonous matter must not stop the clocks of all others
            failed.append((clock.id, now, f"{type(fault).__name__}: {fault}"))
            continue
        if isinstance(decision, Refusal):
            if not decision.codes & {"lapse.not_due"} and not _settled(batch, clock):
                failed.append((clock.id, now, "; ".join(sorted(decision.codes))))
            continue
        assert isinstance(decision, Decision)  # noqa: S101 - for the type checker
        batch.add(decision)
        fired += 1
    if fired:
        batch.write()
    return fired


def _settled(batch: Batch, clock: _Due) -> bool:
    """Whether an earlier clock of the same matter in this run has stopped or fired this one already."""
    return batch.touched(clock.ref)


def _load_ties(db: Db, library: Library, matters: dict[str, load.Loaded]) -> None:
    wanted = {ref for m in matters.values() for ref in load.ties(m.matter)} - matters.keys()
    if wanted:
        for row in db.execute(_MORE, [sorted(wanted)]).fetchall():
            matters[row[1]] = load.read(db, library, dict(zip(_NAMES, row, strict=True)))


def _fail(db: Db, failed: Iterable[tuple[int, datetime, str]]) -> None:
    for id_, now, why in failed:
        if db.execute(_FAILED, [why[:2000], now, id_]).fetchone():
            log.error("deadlines.failed", deadline=id_, why=why)
