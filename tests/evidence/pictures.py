"""Pictures and recordings made for the tests: scenes with structure, EXIF as phones write it, minimal movies."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime
from functools import cache

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter

__all__ = ["exif_of", "jpeg", "movie", "scene"]


@cache
def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """A street-like scene: sky, road, boxes and grain, different for each seed."""
    rng = np.random.default_rng(seed)
    width, height = size
    image = Image.new("RGB", size, tuple(int(c) for c in rng.integers(60, 220, 3)))
    draw = ImageDraw.Draw(image)
    horizon = int(height * rng.uniform(0.3, 0.7))
    draw.rectangle((0, horizon, width, height), fill=tuple(int(c) for c in rng.integers(30, 120, 3)))
    for _ in range(int(rng.integers(8, 20))):
        x, y = rng.integers(0, width), rng.integers(0, height)
        w, h = rng.integers(width // 20, width // 3), rng.integers(height // 20, height // 3)
        colour = tuple(int(c) for c in rng.integers(0, 255, 3))
        shape = draw.ellipse if rng.random() < 0.4 else draw.rectangle
        shape((int(x), int(y), int(x + w), int(y + h)), fill=colour)
    grain = rng.normal(0, 6, (height, width, 3))
    pixels = np.clip(np.asarray(image.filter(ImageFilter.GaussianBlur(1.5)), dtype=float) + grain, 0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def exif_of(**values: object) -> Image.Exif:
    """EXIF with the usual capture data; a value of None leaves its tag out."""
    base, gps_tag = ExifTags.Base, ExifTags.GPS
    said = {
        "taken": "2026:11:22 09:00:05",
        "offset": "+08:00",
        "lat": ((36.0, 27.0, 24.408), "N"),
        "lon": ((115.0, 59.0, 7.548), "E"),
        "accuracy": 8.5,
        "satellite": ("2026:11:22", (1.0, 0.0, 3.0)),
    } | values
    exif = Image.Exif()
    exif[base.Make], exif[base.Model] = "Maker", "Phone 9"
    details: dict[int, object] = {}
    gps: dict[int, object] = {}
    if said["taken"] is not None:
        details[base.DateTimeOriginal] = said["taken"]
    if said["offset"] is not None:
        details[base.OffsetTimeOriginal] = said["offset"]
    for name, value_tag, side_tag in (
        ("lat", gps_tag.GPSLatitude, gps_tag.GPSLatitudeRef),
        ("lon", gps_tag.GPSLongitude, gps_tag.GPSLongitudeRef),
    ):
        if said[name] is not None:
            gps[value_tag], gps[side_tag] = said[name]
    if said["accuracy"] is not None:
        gps[gps_tag.GPSHPositioningError] = said["accuracy"]
    if said["satellite"] is not None:
        gps[gps_tag.GPSDateStamp], gps[gps_tag.GPSTimeStamp] = said["satellite"]
    exif._ifds[ExifTags.IFD.Exif] = details
    exif._ifds[ExifTags.IFD.GPSInfo] = gps
    return exif


def jpeg(image: Image.Image, *, quality: int = 88, exif: Image.Exif | None = None) -> bytes:
    """A picture as JPEG bytes."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return out.getvalue()


def movie(started: datetime | None = datetime(2026, 11, 22, 1, 0, tzinfo=UTC), seconds: int = 90) -> bytes:
    """The smallest MP4 that says when it was made and how long it is."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, kind) + body

    created = int((started - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds()) if started else 0
    header = box(b"mvhd", struct.pack(">IIIII", 0, created, created, 1000, seconds * 1000) + bytes(80))
    return box(b"ftyp", b"isom\0\0\2\0isomiso2") + box(b"mdat", b"\x11" * 64) + box(b"moov", header)
