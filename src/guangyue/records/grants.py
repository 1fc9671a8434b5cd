"""What the serving role may do: read everything, add to what is append-only, move no head and remove no record.

Applied after every migration, so that a table added later is not forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["ADD_ONLY", "COLUMNS", "grant"]

ADD_ONLY = (
    "journal",
    "tally",
    "piece",
    "procedure_text",
    "document",
    "document_file",
    "seal",
    "seal_leaf",
    "seal_node",
    "subject",
)
"""Tables the serving role may read and add to, and nothing else."""
READ_ONLY = ("installation", "django_migrations", "access_day")
COLUMNS = {
    "matter": ("id", "ref", "opened_at"),
    "access_log": ("id", "body"),
}
"""Tables it may add to and change, but for these columns; removing rows is refused."""


def _columns(cursor: object, table: str) -> list[str]:
    cursor.execute(  # type: ignore[attr-defined]
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped", [table]
    )
    return [row[0] for row in cursor.fetchall()]  # type: ignore[attr-defined]


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give ``role`` exactly its rights on every table of the schema.

    Args:
        connection: the database, as the owner of its tables.
        role: the role that serves.
    """
    who = sql.Identifier(role)
    with connection.cursor() as cursor:

        def run(statement: str, *names: sql.Composable) -> None:
            cursor.execute(sql.SQL(statement).format(*names).as_string(cursor.cursor))

        cursor.execute("select 1 from pg_roles where rolname = %s", [role])
        if not cursor.fetchone():
            message = f"The role {role} does not exist: make it first (create role {role} login)."
            raise LookupError(message)
        run("grant usage on schema public to {}", who)
        run("revoke all on all tables in schema public from {}", who)
        run("grant select, insert, update, delete on all tables in schema public to {}", who)
        run("grant usage, select on all sequences in schema public to {}", who)
        for table in (*ADD_ONLY, *READ_ONLY):
            run("revoke insert, update, delete on {} from {}", sql.Identifier(table), who)
        for table in ADD_ONLY:
            run("grant insert on {} to {}", sql.Identifier(table), who)
        # A row that exists only to be locked needs the right to lock.
        run("grant update on subject to {}", who)
        for table, fixed in COLUMNS.items():
            free = [c for c in _columns(cursor, table) if c not in fixed]
            run("revoke update, delete on {} from {}", sql.Identifier(table), who)
            run(
                "grant update ({}) on {} to {}",
                sql.SQL(", ").join(map(sql.Identifier, free)),
                sql.Identifier(table),
                who,
            )
