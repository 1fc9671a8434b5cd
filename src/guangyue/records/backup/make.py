"""Taking a backup of a living system: nobody waits for it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from guangyue import __version__
from guangyue.kernel.canonical import moment
from guangyue.records.backup.manifest import DUMP, Manifest, evidence_names, picture, sha256_of
from guangyue.records.backup.tools import run
from guangyue.records.database import city_now, db
from guangyue.records.evidence.store import BlobStore, FolderStore

__all__ = ["make"]

Progress = Callable[[str], None]


def make(folder: Path, evidence: BlobStore, progress: Progress = lambda _: None) -> Manifest:
    """Takes a backup into a folder; evidence that lies there already is not copied again.

    Raises:
        BackupError: when the database cannot be dumped.
        EvidenceError: when bytes are missing or altered: a backup never hides that.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "manifest.json").unlink(missing_ok=True)
    with transaction.atomic(durable=True):
        raw = db()
        raw.execute("set transaction isolation level repeatable read read only")
        snapshot = raw.execute("select pg_export_snapshot()").fetchone()
        progress("database")
        dump = folder / DUMP
        run(raw, "pg_dump", f"--snapshot={snapshot[0] if snapshot else ''}", "--format=custom", f"--file={dump}")
        heads, rows = picture(raw)
        names = evidence_names(raw)
        at = moment(city_now(raw))
    with dump.open("rb") as file:
        os.fsync(file.fileno())
    # Bytes are stored before the commit that names them, so all that the picture names is there by now.
    _copy(names, evidence, folder, progress)
    made = Manifest(
        made_at=at, version=__version__, heads=heads, rows=rows, dump=sha256_of(dump),
        evidence=hashlib.sha256("\n".join(names).encode()).hexdigest(), pieces=len(names),
    )  # fmt: skip
    made.write(folder)
    return made


def _copy(names: list[str], evidence: BlobStore, folder: Path, progress: Progress) -> None:
    target = FolderStore(folder / "evidence")
    kept = set(target.names())
    missing = [n for n in names if n not in kept]
    for number, name in enumerate(missing, start=1):
        if number % 1000 == 1:
            progress(f"evidence {number} of {len(missing)}")
        draft = target.scratch() / name
        with evidence.open(name) as source, draft.open("wb") as copy:
            while block := source.read(1 << 20):
                copy.write(block)
        target.put(draft, name)
