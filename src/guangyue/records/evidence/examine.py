"""Everything that can be said of a file from its bytes alone (检材初检)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from guangyue.city.geo.position import Position
from guangyue.records.evidence.fingerprint import Fingerprint
from guangyue.records.evidence.images import read_picture
from guangyue.records.evidence.media import IMAGES, MediaType, sniff
from guangyue.records.evidence.movies import read_movie
from guangyue.records.evidence.packages import check_ofd

__all__ = ["Findings", "examine"]

_MOVIES = frozenset({MediaType.MP4, MediaType.QUICKTIME, MediaType.M4A})


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a file is and what it says of itself."""

    media_type: MediaType
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    offset_assumed: bool = False
    until: datetime | None = None
    position: Position | None = None
    fingerprint: Fingerprint | None = None
    details: dict[str, object] = field(default_factory=dict)


def examine(path: Path) -> Findings:
    """Examine a file.

    Raises:
        EvidenceError: ``evidence.empty``, ``evidence.type``, ``evidence.damaged``, ``evidence.bomb``.
    """
    media_type = sniff(path)
    if media_type in IMAGES:
        return _picture(path, media_type)
    if media_type in _MOVIES:
        made = read_movie(path)
        until = made.started_at + made.length if made.started_at else None
        details: dict[str, object] = {"seconds": round(made.length.total_seconds(), 3)}
        return Findings(media_type=media_type, taken_at=made.started_at, until=until, details=details)
    if media_type is MediaType.OFD:
        check_ofd(path)
    return Findings(media_type=media_type)


def _picture(path: Path, media_type: MediaType) -> Findings:
    picture = read_picture(path, media_type)
    said = picture.captured
    details: dict[str, object] = {}
    if said.camera:
        details["camera"] = said.camera
    if said.software:
        details["software"] = said.software
    if said.accuracy_m is not None:
        details["accuracy_m"] = said.accuracy_m
    if said.direction_deg is not None:
        details["direction_deg"] = said.direction_deg
    if said.satellite_at is not None:
        details["satellite_at"] = said.satellite_at.isoformat()
    if said.clock_error is not None:
        details["clock_error_s"] = round(said.clock_error.total_seconds(), 3)
    return Findings(
        media_type=media_type,
        width=picture.width,
        height=picture.height,
        taken_at=said.taken_at,
        offset_assumed=said.offset_assumed,
        position=said.position,
        fingerprint=picture.fingerprint,
        details=details,
    )
