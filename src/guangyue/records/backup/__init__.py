"""Backup and restore (备份与恢复): database, evidence and a manifest that says what must be there.

A backup is a folder: ``database.dump`` (one consistent picture), ``evidence/`` (bytes under their own SHA-256) and
``manifest.json``, written last: a folder without it is not a backup. Taken into the same folder again, only evidence that
is new is copied. Keys are not in it; they are kept elsewhere, see ``docs/personal-data.md``. A restore goes into an empty
database, and ends by comparing what it restored with the manifest and with the journal's own chains.
"""

from __future__ import annotations

from guangyue.records.backup.make import make
from guangyue.records.backup.manifest import BackupError, Manifest, picture
from guangyue.records.backup.restore import check, restore

__all__ = ["BackupError", "Manifest", "check", "make", "picture", "restore"]
