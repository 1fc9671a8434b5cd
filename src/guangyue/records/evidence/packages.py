"""Zip packages, looked at without unpacking (压缩包检查): OFD papers are the only ones taken."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path

from guangyue.records.evidence.errors import EvidenceError

__all__ = ["check_ofd"]

_MOST_ENTRIES = 5_000
_MOST_BYTES = 256 << 20
_MOST_RATIO = 200
_SMALL = 1 << 20
_ENTRY_POINT = "OFD.xml"
_MOST_ENTRY_POINT = 1 << 20
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, ValueError, OSError,
    EOFError, LookupError, ArithmeticError,
)  # fmt: skip
"""What the library raises on damaged directories and streams: its own error is only one of many."""


def check_ofd(path: Path) -> None:
    """Check that a package is an OFD paper and could be unpacked safely.

    Nothing but the entry point is read, and that only to its limit. Sizes are taken from the directory; entries that lie
    about them do no harm because nobody here unpacks them, and a viewer is told the type it must expect.

    Raises:
        EvidenceError: ``evidence.type``, ``evidence.damaged``, ``evidence.bomb``.
    """
    try:
        start = _entry_point(path)
    except EvidenceError:
        raise
    except _UNREADABLE:
        raise EvidenceError("evidence.damaged") from None
    if len(start) > _MOST_ENTRY_POINT:
        raise EvidenceError("evidence.bomb", what=_ENTRY_POINT)
    if b"OFD" not in start[:2048]:
        raise EvidenceError("evidence.type")


def _entry_point(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        _check_sizes(package.infolist())
        if _ENTRY_POINT not in package.namelist():
            raise EvidenceError("evidence.type")
        with package.open(_ENTRY_POINT) as stream:
            return stream.read(_MOST_ENTRY_POINT + 1)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > _MOST_ENTRIES:
        raise EvidenceError("evidence.bomb", what=f"{len(entries)} entries")
    whole = sum(entry.file_size for entry in entries)
    if whole > _MOST_BYTES:
        raise EvidenceError("evidence.bomb", what=f"{whole >> 20} MiB")
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in entry.filename:
            raise EvidenceError("evidence.damaged")
        if entry.flag_bits & 1 or entry.filename.lower().endswith((".zip", ".ofd", ".gz", ".7z", ".rar")):
            raise EvidenceError("evidence.type")
        if entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
            raise EvidenceError("evidence.bomb", what=f"{entry.file_size >> 20} MiB")
