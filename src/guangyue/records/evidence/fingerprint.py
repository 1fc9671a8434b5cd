"""Recognising a photograph that was handed in before, also after recompression, scaling or a light touch (感知哈希).

Two 64-bit hashes look at different things: *dHash* at the signs of horizontal steps, *pHash* at the low frequencies of a
cosine transform. A photograph counts as known when both are near; each alone makes too many false friends.

The index splits the pHash into four bands of 16 bits. Two hashes that differ in at most seven bits agree in one band up to
one bit (else each of the four would differ in two), so looking up a band and its sixteen neighbours misses none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

__all__ = ["NEAR_D", "NEAR_P", "Fingerprint", "bands", "distance", "fingerprint", "probes", "signed", "unsigned"]

NEAR_P = 7
"""Most differing bits of the pHash; the index finds all of these."""
NEAR_D = 12
"""Most differing bits of the dHash."""

_SIDE = 32
_LOW = 8
_FLATTEST = 3.0
_BAND = 16


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The two hashes as unsigned 64-bit numbers."""

    dhash: int
    phash: int

    def is_near(self, other: Fingerprint) -> bool:
        """Whether two photographs look the same."""
        return distance(self.phash, other.phash) <= NEAR_P and distance(self.dhash, other.dhash) <= NEAR_D


def fingerprint(image: Image.Image) -> Fingerprint | None:
    """The fingerprint of a decoded picture; None when there is nothing to recognise (a dark or blank picture)."""
    import numpy as np  # only where there is a picture: most programs never see one
    from PIL import Image

    grey = image.convert("L")
    square = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), dtype=np.float64)
    if float(square.std()) < _FLATTEST:
        return None
    steps = np.asarray(grey.resize((_LOW + 1, _LOW), Image.Resampling.LANCZOS), dtype=np.int16)
    dct = _cosines() @ square @ _cosines().T
    low = dct[:_LOW, :_LOW].ravel()[1:]
    # The 64th bit tells the brightness of the left from the right half, where the constant term would tell nothing.
    sides = square[:, : _SIDE // 2].mean() > square[:, _SIDE // 2 :].mean()
    return Fingerprint(_number(steps[:, 1:] > steps[:, :-1]), _number(np.append(low > np.median(low), sides)))


def distance(a: int, b: int) -> int:
    """How many bits differ."""
    return (a ^ b).bit_count()


def bands(phash: int) -> list[int]:
    """The four index keys of a pHash: band number and its 16 bits."""
    return [band << _BAND | phash >> _BAND * band & 0xFFFF for band in range(4)]


def probes(phash: int) -> list[int]:
    """The 68 keys under which everything within `NEAR_P` bits is found."""
    return [key ^ flip for key in bands(phash) for flip in (0, *(1 << bit for bit in range(_BAND)))]


def signed(number: int) -> int:
    """An unsigned 64-bit number as the database's bigint holds it."""
    return number - (1 << 64) if number >> 63 else number


def unsigned(number: int) -> int:
    """The inverse of `signed`."""
    return number & (1 << 64) - 1


@cache
def _cosines() -> NDArray[np.float64]:
    """The first rows of the orthonormal DCT-II matrix."""
    import numpy as np

    k, n = np.arange(_LOW)[:, None], np.arange(_SIDE)[None, :]
    matrix = np.cos(np.pi * (2 * n + 1) * k / (2 * _SIDE)) * np.sqrt(2 / _SIDE)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix, dtype=np.float64)


def _number(bits: NDArray[np.bool_]) -> int:
    import numpy as np

    return int.from_bytes(np.packbits(bits.ravel()).tobytes(), "big")
