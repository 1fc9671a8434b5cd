"""One run: up to a hundred due clocks in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from guangyue.kernel import Decision, Facts, Refusal, lapse
from guangyue.kernel.command import CLOCK_ACTOR
from guangyue.law import BOOK, CALENDAR
from guangyue.records.commands import load
from guangyue.records.commands.store import Batch
from guangyue.records.commands.tables import Statement
from guangyue.records.commands.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from guangyue.records.commands.tables import Parameters
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["Fired", "fire_due"]

log = structlog.get_logger(__name__)
RUN = 100
_DUE = Statement(
    b"gy_due",
    f"""
    select d.id, d.key, d.occurrence, coalesce(d.next_attempt_at, d.due_at), t.now, {load.COLUMNS}
    from (select city_now() as now offset 0) t, deadline d join matter m on m.id = d.matter_id
    where d.status = 'pending' and coalesce(d.next_attempt_at, d.due_at) < (select city_now())
      and coalesce(d.next_attempt_at, d.due_at) > $1
    order by coalesce(d.next_attempt_at, d.due_at) limit $2
    for update of m skip locked
    """.encode(),  # noqa: S608 - our own columns
)
# Most looks find nothing: one statement without a transaction says so.
_ANY = """
    select from deadline where status = 'pending' and coalesce(next_attempt_at, due_at) < (select city_now())
        and coalesce(next_attempt_at, due_at) > %(after)s order by coalesce(next_attempt_at, due_at) limit 1
"""
_MORE = f"select {load.COLUMNS} from matter m where m.ref = any(%s) order by m.id for update skip locked"  # noqa: S608 - our own columns
# A clock that failed waits twice as long each time, an hour at most, and never in the way of others.
_FAILED = Statement(
    b"gy_failed",
    b"""
    update deadline set attempts = attempts + 1, last_error = $3::text,
        next_attempt_at = $2::timestamptz + least(interval '1 hour', interval '1 second' * power(2, least(attempts, 12)))
    where id = $1::bigint and status = 'pending'
    """,
)


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
        wire = Wire(db)
        wire.begin(())
        wire.keep(_putting_off([(*culprit.clock, _first_line(culprit.__cause__ or culprit))]))
        return Fired(failed=1, seen=1, mark=culprit.mark)


def _run(db: Db, library: Library, after: datetime | None, most: int) -> Fired:
    if not db.execute(_ANY, {"after": after or "-infinity"}, prepare=True).rowcount:
        return Fired()
    wire = Wire(db)
    try:
        return _transact(db, wire, library, after, most)
    except BaseException:
        wire.give_up()
        raise


def _transact(db: Db, wire: Wire, library: Library, after: datetime | None, most: int) -> Fired:
    since = after.isoformat().encode() if after else b"-infinity"
    (rows,) = wire.begin([(_DUE, [since, b"%d" % most])])
    if not rows:
        wire.give_up()
        return Fired()
    matters: dict[str, load.Loaded] = {}
    failed: list[tuple[int, datetime, str]] = []
    due: list[_Due] = []
    now = load.moment(rows[0][4])
    for id_, key, occurrence, _, _, *cells in rows:
        try:
            columns = load.columns(cells)
            ref = columns[1]
            if ref not in matters:
                matters[ref] = load.read(db, library, columns)
        except (LookupError, ValueError, TypeError) as fault:
            failed.append((int(id_), now, f"{type(fault).__name__}: {fault}"))
            continue
        due.append(_Due(int(id_), key.decode(), int(occurrence), ref))
    mark = load.moment(rows[-1][3])
    try:
        _load_ties(db, library, matters)
        batch = Batch(db, library, max([now, *(m.updated_at for m in matters.values() if m.updated_at)]), matters)
        fired = _decide_all(library, batch, matters, due, failed)
        wire.keep([*(batch.statements() if fired else ()), *_putting_off(failed)])
    except Exception as fault:
        if len(rows) > 1 or db.closed:
            raise
        raise _CulpritError(int(rows[0][0]), now, mark) from fault
    library.confirm(batch.kept)
    return Fired(fired, len(failed), len(rows), mark)


def _decide_all(
    library: Library, batch: Batch, matters: dict[str, load.Loaded], due: list[_Due],
    failed: list[tuple[int, datetime, str]],
) -> int:  # fmt: skip
    now = batch.now
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
    return fired


def _settled(batch: Batch, clock: _Due) -> bool:
    """Whether an earlier clock of the same matter in this run has stopped or fired this one already."""
    return batch.touched(clock.ref)


def _load_ties(db: Db, library: Library, matters: dict[str, load.Loaded]) -> None:
    wanted = {ref for m in matters.values() for ref in load.ties(m.matter)} - matters.keys()
    if wanted:
        for row in db.execute(_MORE, [sorted(wanted)]).fetchall():
            matters[row[1]] = load.read(db, library, row)


def _putting_off(failed: Iterable[tuple[int, datetime, str]]) -> list[tuple[Statement, Parameters]]:
    asked: list[tuple[Statement, Parameters]] = []
    for id_, now, why in failed:
        log.error("deadlines.failed", deadline=id_, why=why)
        asked.append((_FAILED, [b"%d" % id_, now.isoformat().encode(), why[:2000].replace("\0", "").encode()]))
    return asked
