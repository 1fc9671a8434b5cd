"""psycopg on Django's own connection: the records' statements run in Django's transaction, without its layers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from django.db import connection, transaction
from psycopg.types.json import JsonbLoader, JsonLoader

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Db", "alone", "city_now", "db", "read_only"]

Db = psycopg.Connection[Any]


class _Plain:
    """Django's connection as psycopg knows it: parameters go apart from the statement, plans are kept, JSON is read.

    Django has set its own connection to client-side binding and to JSON as text, which its fields need.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: Db) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the connection has
        return getattr(self._raw, name)

    def cursor(self, **options: Any) -> psycopg.Cursor[Any]:  # noqa: ANN401 - as psycopg's
        if "name" in options:  # one of the server's
            return cast("psycopg.Cursor[Any]", self._raw.cursor(**options))
        made = psycopg.Cursor(self._raw, **options)
        made.adapters.register_loader("jsonb", JsonbLoader)
        made.adapters.register_loader("json", JsonLoader)
        return made

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None) -> psycopg.Cursor[Any]:  # noqa: ANN401 - as psycopg's
        return self.cursor().execute(query, params, prepare=prepare)


def db() -> Db:
    """The psycopg connection under Django's; whoever writes opens a transaction first."""
    connection.ensure_connection()
    return cast("Db", _Plain(connection.connection))


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
