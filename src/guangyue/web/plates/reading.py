"""From a photograph to the plates in it: text found by PP-OCR, kept only where it can be a whole plate (GA 36)."""

from __future__ import annotations

import importlib.util
import io
import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from guangyue.city.errors import CityError
from guangyue.city.identifiers.plate import parse_plate

__all__ = [
    "PhotoError",
    "PlateSeen",
    "ReaderBusyError",
    "ReaderMissingError",
    "installed",
    "plates_in",
    "read_plates",
]

LONG_SIDE = 1600
"""Pixels; a plate two car lengths away still has thirty of them in height."""
LEAST_SCORE = 0.6
PATIENCE = 4.0
"""Seconds to wait for the one reader of this process before saying that it is busy."""
_MOST_PIXELS = 60_000_000
_one_at_a_time = threading.Lock()


class ReaderMissingError(RuntimeError):
    """The extra ``photos`` is not installed."""


class ReaderBusyError(RuntimeError):
    """Somebody else's photograph is being read; asking again is fine."""


class PhotoError(ValueError):
    """These bytes are no photograph."""


@dataclass(frozen=True, slots=True)
class PlateSeen:
    """A plate as it was read.

    Attributes:
        plate: in normal form (``鲁P12345``). kind: see `guangyue.city.identifiers.plate.PlateKind`.
        score: the reader's own confidence, 0 to 1. High is no proof: one overlapping glyph was misread at 0.99.
    """

    plate: str
    kind: str
    score: float


def installed() -> bool:
    """Whether this installation can read plates."""
    return importlib.util.find_spec("rapidocr") is not None


def read_plates(photo: bytes) -> tuple[PlateSeen, ...]:
    """The plates in a photograph, the surest first.

    Raises:
        ReaderMissingError: the extra ``photos`` is not installed.
        PhotoError: the bytes are no picture, or one too large to open.
        ReaderBusyError: the reader did not get free in time.
    """
    if not installed():
        raise ReaderMissingError("plate reading is not installed: pip install 'guangyue[photos]'")
    picture = _opened(photo)
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise ReaderBusyError
    try:
        answer = _engine()(picture)
    finally:
        _one_at_a_time.release()
    texts, scores = answer.txts or (), answer.scores or ()
    return plates_in(zip(texts, scores, strict=True))


def plates_in(lines: Iterable[tuple[str, float]]) -> tuple[PlateSeen, ...]:
    """The lines of text that are whole plates; a plate in two rows comes as two lines that follow each other."""
    found: dict[str, PlateSeen] = {}
    listed = [(text, float(score)) for text, score in lines if float(score) >= LEAST_SCORE]
    for group in (*([one] for one in listed), *map(list, itertools.pairwise(listed))):
        seen = _plate(group)
        if seen is not None and seen.score > (found[seen.plate].score if seen.plate in found else 0):
            found[seen.plate] = seen
    return tuple(sorted(found.values(), key=lambda seen: -seen.score))


def _plate(lines: Sequence[tuple[str, float]]) -> PlateSeen | None:
    try:
        plate = parse_plate("".join(text for text, _ in lines))
    except CityError:
        return None
    return PlateSeen(plate.value, plate.kind.value, round(min(score for _, score in lines), 3))


def _opened(photo: bytes) -> Any:  # noqa: ANN401 - an array; numpy belongs to the extra
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as found:
            if found.width * found.height > _MOST_PIXELS:
                raise PhotoError("too many pixels")
            found.draft("RGB", (LONG_SIDE, LONG_SIDE))
            upright = ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as fault:
        raise PhotoError(str(fault)) from fault
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    import numpy as np

    return np.asarray(upright)[:, :, ::-1]


@lru_cache(maxsize=1)
def _engine() -> Any:  # noqa: ANN401 - the library is untyped
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            # Smaller sides miss plates; more threads are slower on a shared machine (measured, docs/field.md).
            "Det.limit_side_len": 960,
            "Det.limit_type": "max",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
