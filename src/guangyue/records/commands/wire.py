"""A command's transaction as it crosses the wire: what belongs together goes in one packet and comes back in one.

``begin`` travels with the statements that lock and read, ``commit`` with those that write, so that a command waits for the
database twice and no more. All statements are prepared once a connection. Inside an open transaction (a test's) a
savepoint takes their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from psycopg import errors
from psycopg.generators import fetch, send
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from guangyue.records.commands.tables import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn, PGresult

    from guangyue.records.commands.tables import Parameters
    from guangyue.records.database import Db

__all__ = ["Wire"]

Cells = list[Any]
Asked = tuple[Statement, "Parameters"]
_BEGIN = Statement(b"gy_begin", b"begin")
_COMMIT = Statement(b"gy_commit", b"commit")
_SAVE = Statement(b"", b"savepoint command")  # not prepared: it must stand when all that was prepared is gone
_RELEASE = Statement(b"gy_release", b"release savepoint command")
# Pages have each of their questions planned anew; a command's statements look up by key, whatever is asked.
_KEPT_PLANS = Statement(b"gy_kept_plans", b"select set_config('plan_cache_mode', 'force_generic_plan', true)")
# The plan that a connection keeps for a statement may be made while its tables are still empty: it shall look up by key.
_BY_KEY = Statement(
    b"gy_by_key",
    b"select " + b", ".join(b"set_config('%s', '%s', true)" % s for s in (
        (b"enable_seqscan", b"off"), (b"enable_hashjoin", b"off"), (b"enable_mergejoin", b"off"),
    )),
)  # fmt: skip
_GONE = "26000"


class _Kept:
    """What is prepared on a connection.

    psycopg deallocates everything after a rollback. When that shows, all is prepared anew under names of the next round:
    some of the old ones may still be there.
    """

    __slots__ = ("names", "round")

    def __init__(self) -> None:
        self.names: set[bytes] = set()
        self.round = b""

    def lost(self) -> None:
        self.names.clear()
        self.round = b"_%d" % (int(self.round[1:] or b"0") + 1)


_prepared: WeakKeyDictionary[PGconn, _Kept] = WeakKeyDictionary()


class Wire:
    """One command's transaction on a connection."""

    def __init__(self, db: Db) -> None:
        """Nothing is sent yet."""
        self._db = db
        self._conn: PGconn = db.pgconn
        self.inside = self._conn.transaction_status != TransactionStatus.IDLE
        self._open = False
        self._kept = _prepared.setdefault(self._conn, _Kept())

    def begin(self, asked: Iterable[Asked]) -> list[list[Cells]]:
        """Begin, lock and read; answers with the rows of each statement."""
        self._open = True
        return self._ask(((_SAVE if self.inside else _BEGIN, []), (_KEPT_PLANS, [])), asked)

    def read(self, asked: Iterable[Asked]) -> list[list[Cells]]:
        """Ask something more, inside what was begun."""
        return self._ask((), asked)

    def keep(self, asked: Iterable[Asked]) -> None:
        """Write and commit."""
        self._ask((), asked, (_RELEASE if self.inside else _COMMIT, []))
        self._open = False

    def give_up(self) -> None:
        """Roll back whatever was begun; on a lost connection there is nothing to roll back."""
        if self._open and self._conn.transaction_status not in {TransactionStatus.IDLE, TransactionStatus.UNKNOWN}:
            back = b"rollback to savepoint command; release savepoint command" if self.inside else b"rollback"
            self._conn.exec_(back)
        self._open = False

    def _ask(self, before: tuple[Asked, ...], asked: Iterable[Asked], *after: Asked) -> list[list[Cells]]:
        """Send all, wait once; answers with the rows of what is neither before nor after.

        The database begins with the first statement while the others are still being made.
        """
        conn, known, round_ = self._conn, self._kept.names, self._kept.round
        sent: list[bytes | bool] = []  # a name that was prepared, or whether the rows are wanted

        def ship(statement: Statement, parameters: Parameters, *, wanted: bool = False) -> None:
            if not statement.name:
                conn.send_query_params(statement.sql, None)
                sent.append(wanted)
                return
            if statement.name not in known and statement.name not in sent:
                conn.send_prepare(statement.name + round_, statement.sql)
                sent.append(statement.name)
            conn.send_query_prepared(statement.name + round_, parameters)
            sent.append(wanted)

        conn.enter_pipeline_mode()
        try:
            try:
                for statement, parameters in before:
                    ship(statement, parameters)
                for number, (statement, parameters) in enumerate(asked):
                    if statement.name not in known:
                        ship(_BY_KEY, [])
                    ship(statement, parameters, wanted=True)
                    if number == 0:
                        conn.flush()
                for statement, parameters in after:
                    ship(statement, parameters)
            finally:
                conn.pipeline_sync()
                results = self._db.wait(_answers(conn))
        finally:
            if conn.status == ConnStatus.OK:
                conn.exit_pipeline_mode()
        return [_rows(result) for result in self._checked(sent, results)]

    def _checked(self, sent: list[bytes | bool], results: list[PGresult]) -> Iterator[PGresult]:
        """The wanted ones, once all are known to be good."""
        for mark, result in zip(sent, results, strict=True):
            if result.status == ExecStatus.FATAL_ERROR:
                fault = errors.error_from_result(result, encoding="utf-8")
                if fault.sqlstate == _GONE:
                    self._kept.lost()
                raise fault
            if isinstance(mark, bytes):
                self._kept.names.add(mark)
        if results[-1].command_status == b"ROLLBACK":  # no error to PostgreSQL when a commit could not be; to us it is
            raise errors.InFailedSqlTransaction("the transaction was rolled back instead of committed")
        return (result for mark, result in zip(sent, results, strict=True) if mark is True)


def _answers(conn: PGconn) -> PQGen[list[PGresult]]:
    yield from send(conn)
    found: list[PGresult] = []
    while True:
        result = yield from fetch(conn)
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)


def _rows(result: PGresult) -> list[Cells]:
    columns = range(result.nfields)
    return [[result.get_value(n, c) for c in columns] for n in range(result.ntuples)]
