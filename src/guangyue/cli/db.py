"""``guangyue db``: the database itself — start the private one, migrate, look at its state."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["group", "records"]


@contextmanager
def records(*, owner: bool = False) -> Iterator[None]:
    """Django on a running database, for the time of a command.

    Args:
        owner: whether the command changes tables or restores, and so needs their owner's role.
    """
    from guangyue.records.postgres import private_cluster

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    if owner:
        os.environ["GUANGYUE_DB_ROLE"] = "owner"
    with private_cluster():
        import django
        from django.db import connections

        django.setup()
        try:
            yield
        finally:
            connections.close_all()


@click.group(name="db")
def group() -> None:
    """The database: start, migrate, state."""


@group.command()
def migrate() -> None:
    """Bring the tables to this version and give the serving role its rights."""
    with records(owner=True):
        from django.core.management import call_command
        from django.db import connection

        from guangyue.records.grants import grant
        from guangyue.records.installation import mark

        call_command("migrate", interactive=False, verbosity=1)
        grant(connection, os.environ.get("DATABASE_APP_ROLE") or "guangyue")
        if mark(connection):
            click.echo("This is a production installation from now on: its clock keeps the real time.")
