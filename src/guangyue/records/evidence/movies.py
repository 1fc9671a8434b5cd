"""When a recording was made and how long it is, from the boxes of an MP4 (ISO/IEC 14496-12)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.exif import in_our_time

__all__ = ["Recorded", "read_movie"]

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_MOST_BOXES = 2_000
_LARGE_HEADER = 16
_HEADER = 8


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording says of itself.

    Attributes:
        started_at: when it was made; None when the camera did not know.
        length: how long it plays.
    """

    started_at: datetime | None
    length: timedelta


def read_movie(path: Path) -> Recorded:
    """Read the movie header and check that the boxes fill the file.

    Raises:
        EvidenceError: ``evidence.damaged``: a box runs past the end, or the header or the media are missing.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        found: Recorded | None = None
        media = False
        for kind, start, end in _boxes(stream, 0, size):
            media |= kind in {b"mdat", b"moof"}
            if kind == b"moov":
                found = _header(stream, start, end)
    if found is None or not media:
        raise EvidenceError("evidence.damaged")
    return found


def _boxes(stream: BinaryIO, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """Kind, start and end of the contents of each box in a stretch of the file."""
    found: list[tuple[bytes, int, int]] = []
    at = start
    while at < end:
        if end - at < _HEADER or len(found) >= _MOST_BOXES:
            raise EvidenceError("evidence.damaged")
        stream.seek(at)
        length, kind = struct.unpack(">I4s", stream.read(_HEADER))
        header = _HEADER
        if length == 1:
            if end - at < _LARGE_HEADER:
                raise EvidenceError("evidence.damaged")
            (length,) = struct.unpack(">Q", stream.read(8))
            header = _LARGE_HEADER
        elif length == 0:
            length = end - at
        if length < header or at + length > end:
            raise EvidenceError("evidence.damaged")
        found.append((kind, at + header, at + length))
        at += length
    return found


def _header(stream: BinaryIO, start: int, end: int) -> Recorded:
    for kind, first, last in _boxes(stream, start, end):
        if kind == b"mvhd":
            stream.seek(first)
            body = stream.read(min(last - first, 40))
            try:
                if body[0] == 1:
                    created, _, scale, duration = struct.unpack(">QQIQ", body[4:32])
                else:
                    created, _, scale, duration = struct.unpack(">IIII", body[4:20])
                length = timedelta(seconds=duration / scale)
                started = _EPOCH + timedelta(seconds=created) if created else None
                if started is not None:
                    in_our_time(started + length)
            except (struct.error, IndexError, ZeroDivisionError, OverflowError, ValueError):
                break
            return Recorded(started, length)
    raise EvidenceError("evidence.damaged")
