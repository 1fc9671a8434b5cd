"""What a backup says of itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from guangyue.records.database import Db

__all__ = ["DUMP", "BackupError", "Manifest", "evidence_names", "picture", "sha256_of"]

DUMP = "database.dump"
FORMAT = 1
COUNTED = ("matter", "journal", "deadline", "outbox", "seal", "access_log", "document", "tally")


class BackupError(Exception):
    """A backup that cannot be made, is not whole, or cannot be restored: a stable code and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The figures a restore must reproduce.

    Attributes:
        heads: SHA-256 over all matters' heads in order of their numbers.
        rows: how many rows the records' tables had.
        dump: SHA-256 of the dump; ``evidence`` of the sorted list of digests.
    """

    made_at: str
    version: str
    heads: str
    rows: dict[str, int]
    dump: str
    evidence: str
    pieces: int
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Writes it so that it is there whole or not at all, and survives a power cut."""
        draft = folder / "manifest.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / "manifest.json")
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a folder.

        Raises:
            BackupError: when there is none, or one of another format.
        """
        try:
            data = json.loads((folder / "manifest.json").read_text("utf-8"))
            made = cls(**data)
        except FileNotFoundError:
            raise BackupError("backup.none", f"{folder} holds no backup: manifest.json is missing.") from None
        except (ValueError, TypeError) as error:
            raise BackupError("backup.manifest", f"The manifest of {folder} cannot be read: {error}") from error
        if made.format != FORMAT:
            raise BackupError("backup.format", f"The backup has format {made.format}; this version reads {FORMAT}.")
        return made


def picture(raw: Db) -> tuple[str, dict[str, int]]:
    """The digest over all heads, and the row counts, in the transaction at hand."""
    digest = hashlib.sha256()
    with raw.cursor(name="heads") as cursor:
        cursor.itersize = 10_000
        cursor.execute("select id, seq, head from matter order by id")
        for id_, seq, head in cursor:
            digest.update(f"{id_} {seq} {bytes(head).hex()}\n".encode())
    rows: dict[str, int] = {}
    for table in COUNTED:
        found = raw.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 - names of ours
        rows[table] = int(found[0]) if found else 0
    return digest.hexdigest(), rows


def evidence_names(raw: Db) -> list[str]:
    """The digests of all bytes that the database says are kept."""
    found = raw.execute('select sha256 from evidence_blob where removed_at is null order by sha256 collate "C"')
    return [row[0] for row in found.fetchall()]


def sha256_of(path: Path) -> str:
    """The digest of a file, hex."""
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()


def blocks(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    """A file, block by block."""
    with path.open("rb") as file:
        while block := file.read(size):
            yield block
