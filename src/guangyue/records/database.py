"""psycopg on Django's own connection: the records' statements run in Django's transaction, without its layers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Db", "alone", "city_now", "db", "read_only"]

Db = psycopg.Connection[Any]


def db() -> Db:
    """The psycopg connection under Django's; whoever writes opens a transaction first."""
    connection.ensure_connection()
    raw: Db = connection.connection
    return raw


@contextmanager
def alone() -> Iterator[Db]:
    """One transaction of our own, committed at the end; refused inside another one, because it would not be durable."""
    with transaction.atomic(durable=True):
        yield db()


@contextmanager
def read_only() -> Iterator[Db]:
    """One consistent picture of everything, however long the reading takes."""
    with transaction.atomic(durable=True):
        raw = db()
        raw.execute("set transaction isolation level repeatable read read only")
        yield raw


def city_now(raw: Db) -> Any:  # noqa: ANN401 - an aware datetime
    """The city's time at this moment."""
    return raw.execute("select city_now()").fetchone()[0]  # type: ignore[index]
