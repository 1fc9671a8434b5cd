"""Reading a picture without being blown up by it (图片安全读取)."""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.exif import Captured, read_exif
from guangyue.records.evidence.fingerprint import Fingerprint, fingerprint
from guangyue.records.evidence.media import MediaType

__all__ = ["Picture", "read_picture"]

logging.getLogger("PIL").setLevel(logging.INFO)
"""At DEBUG Pillow tells every value of a picture's EXIF, its owner's name among them."""
_FORMATS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
_MOST_PIXELS = 60_000_000
_MOST_JPEG_PIXELS = 178_000_000
"""A JPEG is decoded at an eighth, so memory stays small; Pillow itself refuses to open more than this."""
_LONGEST_SIDE = 32_768
_DRAFT = (512, 512)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of a picture once it was read to its end."""

    width: int
    height: int
    captured: Captured
    fingerprint: Fingerprint | None


def read_picture(path: Path, media_type: MediaType) -> Picture:
    """Decode a picture of a known type within limits.

    Raises:
        EvidenceError: ``evidence.bomb`` (too many pixels, or texts that swell), ``evidence.damaged``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=(_FORMATS[media_type],)) as image:
                width, height = image.size
                _check_size(width, height, media_type)
                captured = read_exif(image.getexif())
                image.draft("L", _DRAFT)
                image.load()
                print_ = fingerprint(image)
    except EvidenceError:
        raise
    except Image.DecompressionBombError:
        raise EvidenceError("evidence.bomb", what="pixels") from None
    except (
        UnidentifiedImageError,
        struct.error,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        IndexError,
        ArithmeticError,
    ) as why:
        swollen = isinstance(why, ValueError) and ("chunk" in str(why).lower() or "too large" in str(why).lower())
        raise (
            EvidenceError("evidence.bomb", what="PNG text") if swollen else EvidenceError("evidence.damaged")
        ) from None
    return Picture(width, height, captured, print_)


def _check_size(width: int, height: int, media_type: MediaType) -> None:
    most = _MOST_JPEG_PIXELS if media_type is MediaType.JPEG else _MOST_PIXELS
    if width * height > most or max(width, height) > _LONGEST_SIDE:
        raise EvidenceError("evidence.bomb", what=f"{width} × {height}")
    if min(width, height) < 1:
        raise EvidenceError("evidence.damaged")
