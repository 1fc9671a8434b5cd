"""One command from the lock to the commit.

Two round trips and a commit: begin, lock and read; decide; write. Nothing leaves before the commit, and a command that
is refused has changed nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import errors

from guangyue.kernel import Decision, Facts, Refusal, decide
from guangyue.law import BOOK, CALENDAR
from guangyue.records.commands import load
from guangyue.records.commands.order import Done, IdempotencyError, NoSuchMatterError, Order
from guangyue.records.commands.store import Batch
from guangyue.records.commands.wire import Wire
from guangyue.records.database import db as django_db
from guangyue.records.library import LIBRARY
from guangyue.records.numbers import written

if TYPE_CHECKING:
    from guangyue.records.database import Db
    from guangyue.records.library import Library

__all__ = ["NotDurableError", "execute", "execute_on"]

TRIES = 5


class NotDurableError(RuntimeError):
    """A command inside somebody else's transaction would not be kept when it says so."""


def execute(order: Order) -> Done | Refusal:
    """Carry out one command on Django's connection, in a transaction of its own.

    Args:
        order: what is wanted, by whom, on which matter.

    Returns:
        what was done, once it is on disk; or all reasons why not, and then nothing has changed.

    Raises:
        NoSuchMatterError: there is no such matter.
        IdempotencyError: the key was used for another request.
        NotDurableError: inside an open transaction.
    """
    raw = django_db()
    if connection.in_atomic_block and not any(getattr(a, "_from_testcase", False) for a in connection.atomic_blocks):
        raise NotDurableError("execute() opens a transaction of its own")
    return execute_on(raw, order, LIBRARY)


def execute_on(db: Db, order: Order, library: Library) -> Done | Refusal:
    """The same on a given connection and library."""
    extra: frozenset[str] = frozenset()
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return _once(db, order, library, extra)
        except load.MoreToLockError as more:
            extra |= more.refs
            if last:
                raise
        except (errors.DeadlockDetected, errors.SerializationFailure, errors.InvalidSqlStatementName):
            if last:
                raise
        except errors.UniqueViolation as clash:
            # The same key came in twice at once, or another runner fired the clock: look again, it is there now.
            if last or clash.diag.constraint_name not in {"command_pkey", "journal_deadline_id_key", "journal_pkey"}:
                raise
    raise AssertionError("unreachable")


def _once(db: Db, order: Order, library: Library, extra: frozenset[str]) -> Done | Refusal:
    wire = Wire(db)
    try:
        answer, kept = _transact(db, wire, order, library, extra)
    except BaseException:
        wire.give_up()
        raise
    library.confirm(kept)
    return answer


def _transact(
    db: Db, wire: Wire, order: Order, library: Library, extra: frozenset[str]
) -> tuple[Done | Refusal, set[tuple[str, str]]]:
    refs = sorted({order.matter, *extra, *(i for ids in order.command.related.values() for i in ids)} - {""})
    unit = None if order.matter else order.actor.unit or order.actor.agency
    found = load.lock(db, wire, library, order, refs, unit)
    if found.request is not None:
        wire.give_up()
        if found.request != order.fingerprint():
            raise IdempotencyError(order.key)
        return Done.of_json(found.answer), set()
    decision = _decide(db, order, library, found)
    if isinstance(decision, Refusal):
        wire.give_up()
        return decision, set()
    batch = Batch(db, library, found.now, found.matters)
    if found.fresh is not None:
        row, day, number = found.fresh
        batch.number(str(row), written("", unit or "", day, number))
    batch.add(decision, order.parties, order.handed_in)
    done = _done(decision, batch)
    kept = None
    if order.key:
        kept = {
            "actor": order.actor.id, "key": order.key, "request": f"\\x{order.fingerprint().hex()}", "id": done.id,
            "answer": done.as_json(),
        }  # fmt: skip
    soon = batch.soonest is not None and (batch.soonest - found.now).total_seconds() < 2 * max(found.rate, 1)
    wire.keep(batch.statements(wake=soon, command=kept))
    return done, batch.kept


def _decide(db: Db, order: Order, library: Library, found: load.Found) -> Decision | Refusal:
    matters, now = found.matters, found.now
    own = matters.get(order.matter)
    if order.matter and own is None:
        raise NoSuchMatterError(order.matter)
    if own is not None and (missing := load.ties(own.matter) - matters.keys()):
        raise load.MoreToLockError(frozenset(missing))
    if order.check is not None and (refused := order.check(db, now)) is not None:
        return refused
    procedure = own.procedure if own else library.find(db, order.procedure)
    return decide(
        procedure,
        own.matter if own else None,
        replace(order.command, received_at=found.received),
        Facts(
            now=now, actor=order.actor, law=BOOK, calendar=CALENDAR, library=library, new_id=str(found.fresh[0]) if found.fresh else "",
            related={ref: m.matter for ref, m in matters.items()}, waiting_devices=order.waiting_devices,
            colleagues=order.colleagues,
        ),
    )  # fmt: skip


def _done(decision: Decision, batch: Batch) -> Done:
    own = batch.now_of(decision.entries[0].matter)
    marks: tuple[Any, ...] = tuple(f"{e.matter}#{e.seq}" for e in decision.entries)
    return Done(
        matter=own.matter.id, id=own.id, state=own.matter.state, closed=own.matter.closed, seq=own.matter.seq,
        entries=marks, numbers=batch.numbers,
    )  # fmt: skip
