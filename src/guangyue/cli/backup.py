"""``guangyue backup``: save the records and bring them back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guangyue.cli.db import records

__all__ = ["group"]

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


def _say(what: str) -> None:
    click.echo(f"· {what}", err=True)


@click.group(name="backup")
def group() -> None:
    """Backups (备份): make, check, restore. Keys are not in them."""


@group.command()
@FOLDER
def make(folder: Path) -> None:
    """Take a backup of the living system into FOLDER."""
    from guangyue.records.backup.manifest import BackupError

    with records(owner=True):
        from guangyue.records.backup import make as take
        from guangyue.records.evidence.installed import store

        try:
            made = take(folder, store(), _say)
        except BackupError as why:
            raise click.ClickException(str(why)) from why
    click.echo(f"{made.rows['matter']:,} matters, {made.rows['journal']:,} entries, {made.pieces:,} pieces of evidence")


@group.command()
@FOLDER
def check(folder: Path) -> None:
    """Read the backup in FOLDER again and compare every digest."""
    from guangyue.records.backup.manifest import BackupError

    with records():
        from guangyue.records.backup import check as examine

        try:
            made = examine(folder, _say)
        except BackupError as why:
            raise click.ClickException(str(why)) from why
    click.echo(f"sound: of {made.made_at}, {made.rows['matter']:,} matters, {made.pieces:,} pieces of evidence")


@group.command()
@FOLDER
def restore(folder: Path) -> None:
    """Bring the backup in FOLDER into this installation, whose database must be empty, and verify the journal."""
    from guangyue.records.backup.manifest import BackupError

    with records(owner=True):
        from django.db import connection

        from guangyue.records.backup import restore as bring
        from guangyue.records.database import read_only
        from guangyue.records.evidence.installed import store
        from guangyue.records.grants import grant
        from guangyue.records.postgres import APP_ROLE
        from guangyue.records.seals.verify import verify

        try:
            made = bring(folder, store(), _say)
        except BackupError as why:
            raise click.ClickException(str(why)) from why
        grant(connection, APP_ROLE)
        with read_only() as raw:
            report = verify(raw, None)
    # keys are kept elsewhere and may not have arrived yet; signatures are checked by `guangyue journal verify`
    broken = [f for f in report.findings if f.code != "seal.no_key"]
    for finding in broken[:10]:
        click.echo(str(finding))
    click.echo(
        f"restored: {made.rows['matter']:,} matters, {report.entries:,} entries, {made.pieces:,} pieces of evidence"
    )
    sys.exit(1 if broken else 0)
