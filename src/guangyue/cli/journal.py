"""``guangyue journal``: verify every link, prove an entry, seal, export, show."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from guangyue.cli.db import records

__all__ = ["group"]

MATTER = click.argument("matter", type=click.IntRange(min=1))


@click.group(name="journal")
def group() -> None:
    """The journal (办案日志): verify every link, prove an entry, seal and export."""


@group.command()
@click.option("--matter", type=click.IntRange(min=1), help="Only this matter's chain.")
@click.option("--since", type=click.IntRange(min=1), metavar="SEAL", help="Only matters that moved after this seal.")
@click.option("--key", "key_path", type=click.Path(path_type=Path), help="The verifying key, kept elsewhere.")
@click.option("--exports", type=click.Path(path_type=Path, file_okay=False), help="Checkpoints kept elsewhere.")
@click.option("--all", "show_all", is_flag=True, help="Show every finding instead of the first.")
def verify(matter: int | None, since: int | None, key_path: Path | None, exports: Path | None, show_all: bool) -> None:
    """Recompute every link, head, root and signature; exit 1 at anything that is not as it was.

    Without --key and --exports it uses the copies on this machine, which whoever rules the machine could have changed:
    an auditor brings both along.
    """
    with records():
        from django.conf import settings

        from guangyue.records.database import read_only
        from guangyue.records.seals.note import VerifyingKey
        from guangyue.records.seals.verify import verify as check

        path = key_path or settings.GUANGYUE_SEAL_KEY.with_suffix(".pub")
        key = VerifyingKey.parse(path.read_text()) if path.exists() else None
        folder = exports or next(iter(settings.GUANGYUE_SEAL_EXPORTS), None)
        with read_only() as db:
            report = check(db, key, exported=folder, matter=matter, since=since or 0)
    for finding in report.findings if show_all else report.findings[:1]:
        click.echo(str(finding))
    more = len(report.findings) - 1
    if more > 0 and not show_all:
        click.echo(f"… and {more} more (--all shows them)")
    click.echo(
        f"{report.entries:,} entries in {report.chains:,} chains, {report.seals:,} seals; "
        f"{report.unsealed:,} entries not sealed yet: " + ("sound" if report.sound else "NOT SOUND")
    )
    sys.exit(0 if report.sound else 1)


@group.command()
@MATTER
@click.argument("seq", type=click.IntRange(min=1))
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; else the screen.")
def prove(matter: int, seq: int, into: Path | None) -> None:
    """Write a proof of one entry, which scripts/proof/check_proof.py checks without any of Guangyue."""
    with records():
        from guangyue.records.database import read_only
        from guangyue.records.seals.prove import NotSealedError
        from guangyue.records.seals.prove import prove as make
        from guangyue.records.seals.sealing import signing_key

        try:
            with read_only() as db:
                proof = make(db, matter, seq, signing_key().verifying())
        except NotSealedError as why:
            raise click.ClickException(str(why)) from why
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    if into is None:
        click.echo(text)
    else:
        into.write_text(text + "\n", "utf-8")
        click.echo(f"{into}: matter {matter}, entry {seq}, sealed by seal {proof['seal']}")


@group.command()
@click.option("--everything", is_flag=True, help="Look at every matter, not only at those with recent entries.")
def seal(everything: bool) -> None:
    """Seal what moved since the last seal, sign it, and export the checkpoint."""
    with records():
        from guangyue.records.seals.sealing import seal as make
        from guangyue.records.seals.sealing import signing_key

        made = make(signing_key(), everything=everything)
    if made is None:
        click.echo("nothing has moved since the last seal")
    else:
        click.echo(f"seal {made.n}: {made.leaves:,} heads, {made.size:,} in all")
        click.echo(made.checkpoint)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--since", type=click.IntRange(min=0), default=0, metavar="SEAL", help="Only seals after this one.")
def export(folder: Path, since: int) -> None:
    """Write the checkpoints into a folder outside: another machine, a stick, the bulletin's desk."""
    with records():
        from guangyue.records.database import db
        from guangyue.records.seals.sealing import Seal
        from guangyue.records.seals.sealing import export as carry

        rows = db().execute("select n, size, checkpoint from seal where n > %s order by n", [since]).fetchall()
        for n, size, checkpoint in rows:
            carry(Seal(n, size, 0, checkpoint), [folder])
    click.echo(f"{len(rows)} checkpoints in {folder}")


@group.command()
@MATTER
def show(matter: int) -> None:
    """Print a matter's journal, entry by entry."""
    with records():
        from guangyue.records.database import db

        rows = db().execute(
            "select seq, at, kind, act, actor, hash from journal where matter_id = %s order by seq", [matter]
        )
        for seq, at, kind, act, actor, link in rows:
            click.echo(
                f"{seq:>4}  {at.astimezone():%Y-%m-%d %H:%M:%S}  {kind:<10} {act:<24} {actor:<12} {link.hex()[:16]}"
            )


@group.command()
def key() -> None:
    """Print the verifying key, for the bulletin and for everybody who will check proofs."""
    with records():
        from guangyue.records.seals.sealing import signing_key

        click.echo(str(signing_key().verifying()))
