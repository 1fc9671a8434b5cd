"""What a file is, told from its bytes and never from its name (文件类型识别).

A type is on the list only if its structure can be checked to the end without unpacking anything large.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Literal

from guangyue.records.evidence.errors import EvidenceError

__all__ = ["IMAGES", "RECORDINGS", "MediaType", "kind_of", "sniff"]

_HEAD = 4096
_TAIL = 2048
_FRAME_HEADER, _SYNC, _SYNC_MORE = 4, 0xFF, 0xE0
_LAYER_III, _NO_RATE, _NO_BITRATE = 1, 3, frozenset({0, 15})


class MediaType(StrEnum):
    """The types that are taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    MP4 = "video/mp4"
    QUICKTIME = "video/quicktime"
    M4A = "audio/mp4"
    MP3 = "audio/mpeg"
    WAV = "audio/wav"
    AMR = "audio/amr"
    PDF = "application/pdf"
    OFD = "application/ofd"


IMAGES = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP})
RECORDINGS = frozenset({MediaType.MP4, MediaType.QUICKTIME, MediaType.M4A, MediaType.MP3, MediaType.WAV, MediaType.AMR})
_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B "})
_VIDEO_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"3gp4",
        b"3gp5",
        b"3gp6",
    }
)


def kind_of(media: MediaType) -> Literal["photo", "recording", "paper"]:
    """What a file is as evidence: ``recording``, ``photo`` or ``paper``."""
    if media in RECORDINGS:
        return "recording"
    return "photo" if media in IMAGES else "paper"


def sniff(path: Path) -> MediaType:
    """The type of a file.

    Raises:
        EvidenceError: ``evidence.empty`` or ``evidence.type``.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if not head:
            raise EvidenceError("evidence.empty")
        found = _by_magic(head) or _riff(head) or _iso_media(head) or _pdf(head, stream)
    if found is None:
        raise EvidenceError("evidence.type")
    return found


def _by_magic(head: bytes) -> MediaType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return MediaType.AMR
    if head.startswith(b"ID3") or _mpeg_frame(head):
        return MediaType.MP3
    # The first entry of an OFD package (GB/T 33190) is looked for by the package check.
    if head.startswith(b"PK\x03\x04"):
        return MediaType.OFD
    return None


def _mpeg_frame(head: bytes) -> bool:
    """Whether bytes begin with a frame of MPEG audio layer III."""
    if len(head) < _FRAME_HEADER or head[0] != _SYNC or head[1] & _SYNC_MORE != _SYNC_MORE:
        return False
    layer, bitrate, rate = head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return layer == _LAYER_III and bitrate not in _NO_BITRATE and rate != _NO_RATE


def _riff(head: bytes) -> MediaType | None:
    if head.startswith(b"RIFF"):
        return {b"WEBP": MediaType.WEBP, b"WAVE": MediaType.WAV}.get(head[8:12])
    return None


def _iso_media(head: bytes) -> MediaType | None:
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand in _AUDIO_BRANDS:
        return MediaType.M4A
    if brand == b"qt  ":
        return MediaType.QUICKTIME
    return MediaType.MP4 if brand in _VIDEO_BRANDS else None


def _pdf(head: bytes, stream: BinaryIO) -> MediaType | None:
    if not head.startswith(b"%PDF-"):
        return None
    end = stream.seek(0, 2)
    stream.seek(max(0, end - _TAIL))
    return MediaType.PDF if b"%%EOF" in stream.read() else None
