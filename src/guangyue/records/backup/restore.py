"""Checking a backup, and bringing it back into an empty installation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from guangyue.records.backup.manifest import DUMP, BackupError, Manifest, evidence_names, picture, sha256_of
from guangyue.records.backup.tools import run
from guangyue.records.database import Db, db, read_only
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.store import BlobStore, FolderStore
from guangyue.records.figures.rollup import begin_anew

__all__ = ["check", "restore"]

Progress = Callable[[str], None]


def check(folder: Path, progress: Progress = lambda _: None) -> Manifest:
    """Reads a whole backup again: the dump and every piece of evidence against their digests.

    Raises:
        BackupError: at the first thing that is not as the manifest says.
    """
    made = Manifest.read(folder)
    progress("dump")
    if not (folder / DUMP).exists() or sha256_of(folder / DUMP) != made.dump:
        raise BackupError("backup.dump", f"{DUMP} is not the file the manifest describes.")
    store = FolderStore(folder / "evidence")
    names = list(store.names())
    for number, name in enumerate(names, start=1):
        if number % 1000 == 1:
            progress(f"evidence {number} of {len(names)}")
        try:
            store.verify(name)
        except EvidenceError as error:
            raise BackupError("backup.evidence", f"The evidence {name} was changed.") from error
    return made


def restore(folder: Path, evidence: BlobStore, progress: Progress = lambda _: None) -> Manifest:
    """Brings a backup back: evidence first, then the database, then the comparison with the manifest.

    Raises:
        BackupError: when the backup is not whole, the database is not empty, or the outcome differs.
    """
    made = check(folder, progress)
    raw = db()
    if raw.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone():
        raise BackupError("backup.not_empty", "The database is not empty; restore into a new one.")
    raw.commit()
    _bring(FolderStore(folder / "evidence"), evidence, progress)
    progress("database")
    run(
        raw,
        "pg_restore",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        str(folder / DUMP),
    )
    progress("comparison")
    with read_only() as restored:
        heads, rows = picture(restored)
        names = evidence_names(restored)
    if heads != made.heads or rows != made.rows:
        raise BackupError("backup.differs", f"What was restored differs: {rows} instead of {made.rows}.")
    if hashlib.sha256("\n".join(names).encode()).hexdigest() != made.evidence:
        raise BackupError("backup.differs", "The list of evidence differs from the manifest's.")
    there = set(evidence.names())
    if missing := [n for n in names if n not in there]:
        raise BackupError("backup.evidence", f"{len(missing)} pieces of evidence are missing, {missing[0]} first.")
    _begin_anew(raw)
    return made


def _begin_anew(raw: Db) -> None:
    """What is counted by transactions starts again: this database numbers its own, from a lower number maybe."""
    with raw.transaction():
        raw.execute("delete from change")
        raw.execute("update change_floor set epoch = gen_random_uuid()::text, xid = pg_current_xact_id()")
        begin_anew(raw)


def _bring(source: FolderStore, target: BlobStore, progress: Progress) -> None:
    there = set(target.names())
    wanted = [n for n in source.names() if n not in there]
    for number, name in enumerate(wanted, start=1):
        if number % 1000 == 1:
            progress(f"evidence {number} of {len(wanted)}")
        scratch = target.scratch() if isinstance(target, FolderStore) else source.scratch()
        draft = scratch / name
        with source.open(name) as stream, draft.open("wb") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)
        target.put(draft, name)
