"""Where the bytes lie: under the name of their own SHA-256, unchangeable, on disk before anything names them (内容寻址).

A store knows nothing of matters. What it must promise: when `put` returns, the bytes and the directory entry survive a
power cut; the same bytes are kept once; `read` never returns other bytes than asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from guangyue.law.override import override
from guangyue.records.evidence.errors import EvidenceError

__all__ = ["BlobStore", "FolderStore", "digest_of", "sync_folder"]

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


class BlobStore(ABC):
    """Bytes by the hex SHA-256 of themselves."""

    @abstractmethod
    def put(self, source: Path, sha256: str) -> None:
        """Take over a file, which is gone afterwards; keeping bytes that are there already is no error.

        Raises:
            EvidenceError: ``evidence.altered``: the file is not what `sha256` says.
        """

    @abstractmethod
    def open(self, sha256: str) -> BinaryIO:
        """The bytes, as a stream from the start; raises EvidenceError ``evidence.missing``."""

    @abstractmethod
    def remove(self, sha256: str) -> bool:
        """Remove bytes for good; False when there were none."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """Every digest kept, for audits."""

    def verify(self, sha256: str) -> None:
        """Read the bytes again and compare.

        Raises:
            EvidenceError: ``evidence.missing`` or ``evidence.altered``.
        """
        with self.open(sha256) as stream:
            if digest_of(stream) != sha256:
                raise EvidenceError("evidence.altered")


class FolderStore(BlobStore):
    """A folder: ``ab/cd/abcd…``, files readable by the owner only, written by nobody.

    Args:
        root: the folder; made when missing. Uploads must lie on the same file system.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._durable: set[Path] = set()

    @override
    def put(self, source: Path, sha256: str) -> None:
        with source.open("rb") as stream:
            if digest_of(stream) != sha256:
                raise EvidenceError("evidence.altered")
            os.fsync(stream.fileno())
        source.chmod(0o440)
        target = self._path(sha256)
        self._make(target.parent)
        if target.exists() and self._is_whole(target, sha256):
            source.unlink()
        else:
            source.replace(target)
        sync_folder(target.parent)

    @override
    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise EvidenceError("evidence.missing") from None

    @override
    def remove(self, sha256: str) -> bool:
        path = self._path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True

    @override
    def names(self) -> Iterator[str]:
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _NAME.fullmatch(path.name):
                yield path.name

    def scratch(self) -> Path:
        """A folder on the same file system for files that are still arriving."""
        folder = self.root / "arriving"
        self._make(folder)
        return folder

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise EvidenceError("evidence.missing")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, each one's entry synced.

        One that is there may have been made by somebody who has not synced it yet, so its entry is synced once by every
        process that relies on it.
        """
        wanted = [
            p
            for p in (folder, *folder.parents)
            if p not in self._durable and (p.is_relative_to(self.root) or not p.exists())
        ]
        for path in reversed(wanted):
            path.mkdir(exist_ok=True, mode=0o700)
            sync_folder(path.parent)
            self._durable.add(path)

    @staticmethod
    def _is_whole(path: Path, sha256: str) -> bool:
        with path.open("rb") as stream:
            return digest_of(stream) == sha256


def digest_of(stream: BinaryIO) -> str:
    """Hex SHA-256 of a stream."""
    return hashlib.file_digest(cast("Any", stream), hashlib.sha256).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
