"""Names for the arrays this package speaks in, and the figures that stand for "never"."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["CLOSED", "UNREACHED", "Bools", "Bytes", "Floats", "Ints", "Longs", "Millis", "csr_offsets"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Millis = npt.NDArray[np.int32]
"""Travel times in whole milliseconds: sums are exact, so every engine gives the same answer to the last digit."""

CLOSED: Final = 2**31 - 1
"""The weight of an arc nobody may drive (the largest int32, which is also "infinite" to the contraction hierarchy)."""

UNREACHED: Final = 2**31 - 1
"""The travel time where no way leads; it sorts after every real time."""


def csr_offsets(keys: npt.NDArray[Any], size: int) -> Longs:
    """Where each key begins in an array sorted by key: ``offsets[k]:offsets[k + 1]`` are the rows of key ``k``."""
    return np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=size))]).astype(np.int64)
