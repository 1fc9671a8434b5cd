"""What kind of installation a database serves (安装类别): once a city's own, its clock can never be shifted again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["mark"]


def mark(connection: BaseDatabaseWrapper) -> bool:
    """Note in the database that it is in production, where ``GUANGYUE_ENV`` says so; whether it was noted now.

    Args:
        connection: the database, as the owner of its tables.
    """
    if os.environ.get("GUANGYUE_ENV") != "production":
        return False
    with connection.cursor() as cursor:
        cursor.execute("update installation set kind = 'production' where kind <> 'production'")
        return bool(cursor.rowcount)
