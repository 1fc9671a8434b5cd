"""The two calls of a command as they cross the wire: one packet there, one packet back, each.

``begin`` travels with the first call and ``commit`` with the second, as one text to libpq, so that a command waits for the
database twice and no more. Inside an open transaction (a test's) a savepoint takes their place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psycopg import errors
from psycopg.pq import Escaping, ExecStatus, TransactionStatus

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

    from guangyue.records.database import Db

__all__ = ["Wire"]

_QUOTE = b"$gy$"


class Wire:
    """One command's transaction on a connection."""

    def __init__(self, db: Db) -> None:
        """Nothing is sent yet."""
        self._conn: PGconn = db.pgconn
        self._inside = self._conn.transaction_status != TransactionStatus.IDLE
        self._open = False

    def begin(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Begin, lock and read."""
        start = b"savepoint command" if self._inside else b"begin"
        self._open = True
        said = json.dumps(asked, ensure_ascii=False).encode()
        value = self._ask(start + b"; select command_open(" + self._literal(said) + b"::json)")
        found: dict[str, Any] = json.loads(value or b"null")
        return found

    def keep(self, rows: bytes) -> None:
        """Write all rows and commit."""
        end = b"release savepoint command" if self._inside else b"commit"
        self._ask(b"select command_keep(" + self._literal(rows) + b"::jsonb); " + end, done=end.split()[0].upper())
        self._open = False

    def give_up(self) -> None:
        """Roll back whatever was begun; on a lost connection there is nothing to roll back."""
        if self._open and self._conn.transaction_status not in {TransactionStatus.IDLE, TransactionStatus.UNKNOWN}:
            back = b"rollback to savepoint command; release savepoint command" if self._inside else b"rollback"
            self._conn.exec_(back)
        self._open = False

    def _literal(self, text: bytes) -> bytes:
        if _QUOTE in text:
            return Escaping(self._conn).escape_literal(text)
        return _QUOTE + text + _QUOTE

    def _ask(self, statements: bytes, *, done: bytes = b"SELECT 1") -> bytes | None:
        """Send and wait. The last statement must say it was done: a commit that rolls back says so, and is no error."""
        result = self._conn.exec_(statements)
        if result.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
            if result.status == ExecStatus.FATAL_ERROR:
                raise errors.error_from_result(result, encoding="utf-8")
            raise errors.InternalError(f"unexpected answer {result.status}")
        if result.command_status != done:
            raise errors.InFailedSqlTransaction(f"{result.command_status!r} instead of {done!r}")
        return result.get_value(0, 0) if result.ntuples else None
