"""Five failures in a row lock an account for fifteen minutes (登录失败锁定).

Each attempt takes a *ticket* in one atomic statement before any secret is compared, so any number of parallel guesses
count exactly and no lock is held while a password is hashed. A right password gives its own ticket back; the earlier
failures are forgotten only when the sign-in is complete, so wrong second factors add up across passwords.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

__all__ = ["LOCK", "MOST_FAILURES", "clear", "give_back", "is_locked", "take_ticket", "use_code"]

MOST_FAILURES = 5
LOCK = timedelta(minutes=15)
CODE_LIVES = timedelta(minutes=2)
"""Longer than a one-time code is valid: its own 30 seconds and one step on each side."""

_TAKE = """
UPDATE city_account SET
  failures = CASE WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END,
  locked_until = CASE WHEN (CASE WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END) >= %(most)s
                      THEN %(until)s::timestamptz END
WHERE id = %(account)s AND (locked_until IS NULL OR locked_until <= %(now)s)
"""
_GIVE_BACK = """
UPDATE city_account SET failures = failures - 1, locked_until = NULL WHERE id = %(account)s AND failures > 0
"""


def take_ticket(account_id: int, now: datetime) -> bool:
    """Count an attempt before it is made; False while the account is locked, and then nothing may be compared."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"account": account_id, "now": now, "until": now + LOCK, "most": MOST_FAILURES})
        return bool(cursor.rowcount == 1)


def give_back(account_id: int) -> None:
    """The attempt was right: its ticket does not count."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"account": account_id})


def use_code(account_id: int, code: str, now: datetime) -> bool:
    """Use a one-time code up; False when it was the last one used and could still be valid.

    Kept in the database because a cache in memory does not know what another process has seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE city_account SET last_code = %(code)s, last_code_at = %(now)s WHERE id = %(account)s"
            " AND (last_code <> %(code)s OR last_code_at IS NULL OR last_code_at < %(since)s)",
            {"code": code, "now": now, "account": account_id, "since": now - CODE_LIVES},
        )
        return bool(cursor.rowcount == 1)


def clear(account_id: int) -> None:
    """The sign-in is complete, or an administrator unlocks: all is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE city_account SET failures = 0, locked_until = NULL WHERE id = %s AND failures > 0", [account_id]
        )


def is_locked(account_id: int, now: datetime) -> bool:
    """Whether the account is locked now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM city_account WHERE id = %s AND locked_until > %s", [account_id, now])
        return cursor.fetchone() is not None
