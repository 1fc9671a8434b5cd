"""When and where a photograph says it was taken (EXIF 2.32).

EXIF is a claim of the camera, kept as it stands and shown as such. Its local time is only as good as its offset; without
one the city's is assumed and the assumption is told. The satellites' time, where present, is compared with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags
from PIL.Image import Exif

from guangyue.city.geo.position import Position
from guangyue.city.personal.stray import without
from guangyue.kernel.grammar.values import YEARS

__all__ = ["CITY_OFFSET", "Captured", "in_our_time", "read_exif"]

CITY_OFFSET = timezone(timedelta(hours=8))
"""China's time, without daylight saving since 1991."""

_LOCAL = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_GPS = ExifTags.GPS
_BASE = ExifTags.Base
_DEGREE_PARTS = 3
_LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What a photograph says of its capture.

    Attributes:
        taken_at: the camera's time, aware.
        offset_assumed: the camera named no offset; the city's was taken.
        satellite_at: the receiver's time, in UTC.
        position: WGS-84, or None.
        accuracy_m: the receiver's own estimate of its error.
        direction_deg: where the camera pointed, clockwise from north.
        camera: maker and model.
        software: what wrote the file last; an editing program is worth a look.
    """

    taken_at: datetime | None = None
    offset_assumed: bool = False
    satellite_at: datetime | None = None
    position: Position | None = None
    accuracy_m: float | None = None
    direction_deg: float | None = None
    camera: str = ""
    software: str = ""

    @property
    def clock_error(self) -> timedelta | None:
        """The camera's clock less the satellites'."""
        if self.taken_at is None or self.satellite_at is None:
            return None
        return self.taken_at - self.satellite_at


def in_our_time(at: datetime) -> datetime:
    """A moment a camera may have seen.

    Raises:
        ValueError: the year is none of ours; in another zone such a moment may have no year at all.
    """
    if at.year not in YEARS:
        raise ValueError("no year of ours")
    return at


def read_exif(exif: Exif) -> Captured:
    """Read what is there; a wrong value counts as absent, never as an error."""
    details, gps = _directory(exif, ExifTags.IFD.Exif), _directory(exif, ExifTags.IFD.GPSInfo)
    taken, assumed = _taken(exif, details)
    camera = " ".join(filter(None, (_text(exif.get(_BASE.Make)), _text(exif.get(_BASE.Model)))))
    return Captured(
        taken_at=taken,
        offset_assumed=assumed,
        satellite_at=_satellite_time(gps),
        position=_position(gps),
        accuracy_m=_number(gps.get(_GPS.GPSHPositioningError), 0, 1e6),
        direction_deg=_number(gps.get(_GPS.GPSImgDirection), 0, 360),
        camera=camera,
        software=_text(exif.get(_BASE.Software)),
    )


def _directory(exif: Exif, which: int) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(which)
    except Exception:  # noqa: BLE001 - a malformed directory raises whatever the parser stumbled over
        return {}


def _taken(exif: Exif, details: Mapping[int, Any]) -> tuple[datetime | None, bool]:
    written = _text(details.get(_BASE.DateTimeOriginal)) or _text(exif.get(_BASE.DateTime))
    offset = _OFFSET.fullmatch(_text(details.get(_BASE.OffsetTimeOriginal)) or _text(details.get(_BASE.OffsetTime)))
    fraction = _text(details.get(_BASE.SubsecTimeOriginal))
    shape = _LOCAL.fullmatch(written)
    if shape is None:
        return None, False
    zone = CITY_OFFSET
    try:
        if offset:
            away = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            zone = timezone(away if offset[1] == "+" else -away)
        micro = int(fraction[:6].ljust(6, "0")) if fraction.isascii() and fraction.isdigit() else 0
        year, month, day, hour, minute, second = (int(part) for part in shape.groups())
        return in_our_time(datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)), not offset
    except ValueError:
        return None, False


def _satellite_time(gps: Mapping[int, Any]) -> datetime | None:
    day, clock = _text(gps.get(_GPS.GPSDateStamp)), _numbers(gps.get(_GPS.GPSTimeStamp))
    if len(clock) != _DEGREE_PARTS:
        return None
    try:
        midnight = datetime.strptime(day, "%Y:%m:%d").replace(tzinfo=UTC)
        return in_our_time(midnight + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2]))
    except (ValueError, OverflowError):
        return None


def _position(gps: Mapping[int, Any]) -> Position | None:
    lat = _degrees(gps.get(_GPS.GPSLatitude), _text(gps.get(_GPS.GPSLatitudeRef)), "NS")
    lon = _degrees(gps.get(_GPS.GPSLongitude), _text(gps.get(_GPS.GPSLongitudeRef)), "EW")
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None
    try:
        return Position(lat, lon)
    except ValueError:
        return None


def _degrees(value: object, side: str, sides: str) -> float | None:
    parts = _numbers(value)
    if len(parts) != _DEGREE_PARTS or len(side) != 1 or side not in sides:
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -degrees if side == sides[1] else degrees


def _numbers(value: object) -> list[float]:
    """The finite numbers of a tuple of rationals; empty when one is not."""
    if not isinstance(value, tuple | list):
        return []
    try:
        found = [float(part) for part in value]
    except (TypeError, ValueError, ZeroDivisionError):
        return []
    return found if all(math.isfinite(n) and n >= 0 for n in found) else []


def _number(value: object, least: float, most: float) -> float | None:
    found = _numbers((value,))
    return found[0] if found and least <= found[0] <= most else None


def _text(value: object) -> str:
    """A text value without what cameras pad it with."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return without("".join(c for c in value if c.isprintable()).strip())[:_LONGEST_TEXT]
