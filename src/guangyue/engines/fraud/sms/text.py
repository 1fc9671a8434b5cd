"""From a message to hashed character n-grams, by one kernel for training and for scoring."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["MAX_CHARACTERS", "normalise", "profile", "profiles"]

MAX_CHARACTERS = 1024
"""A longer message is cut here: 15 concatenated SMS parts hold at most 1,005 Chinese characters (3GPP TS 23.040)."""

_ADDRESS = r"(?:https?://|www\.)[!-~]+|(?:[a-z0-9-]+\.)+(?:com|cn|net|cc|top|xyz|vip|info|org|me)\b[!-~]*"
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(_ADDRESS, re.IGNORECASE), "URL"),
    (re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"), "CELLPHONE"),
    (re.compile(r"(?<!\d)(?:0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})(?!\d)"), "PHONE"),
    (re.compile(r"\d+(?:[.,]\d+)*"), "DIGIT"),
)
_DROP = re.compile(r"[\s\u200b-\u200f\ufeff\u2060]+")


def normalise(text: str) -> str:
    """The message as the model sees it: NFKC, no blanks or zero-width characters, addresses and numbers masked.

    The masks are the words that the FBS corpus uses (URL, CELLPHONE, PHONE, DIGIT), so raw and masked texts meet.
    """
    text = unicodedata.normalize("NFKC", text[: 4 * MAX_CHARACTERS])
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return _DROP.sub("", text)[:MAX_CHARACTERS]


@numba.njit(cache=True)
def _hash_grams(
    points: NDArray[np.uint32], shortest: int, longest: int, mask: np.uint64, out: NDArray[np.uint32]
) -> int:
    """FNV-style hashes of all n-grams of ``shortest`` … ``longest`` characters into ``out``; how many were written."""
    filled = 0
    for start in range(len(points)):
        h = np.uint64(14695981039346656037)
        for length in range(min(longest, len(points) - start)):
            h = (h ^ np.uint64(points[start + length])) * np.uint64(1099511628211)
            if length + 1 >= shortest:
                mixed = (h ^ (h >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
                out[filled] = np.uint32((mixed >> np.uint64(32)) & mask)
                filled += 1
    return filled


def profile(
    text: str, *, shortest: int = 1, longest: int = 3, bits: int = 17
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct n-gram buckets of an already normalised text and how often each occurs, buckets ascending."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    out = np.empty(max(1, longest * len(points)), np.uint32)
    filled = _hash_grams(points, shortest, longest, np.uint64((1 << bits) - 1), out)
    buckets, counts = np.unique(out[:filled], return_counts=True)
    return buckets.astype(np.int64), counts.astype(np.int64)


def profiles(
    texts: Sequence[str], *, shortest: int = 1, longest: int = 3, bits: int = 17
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Many normalised texts as CSR parts: counts, buckets, row starts."""
    parts = [profile(t, shortest=shortest, longest=longest, bits=bits) for t in texts]
    starts = np.concatenate(([0], np.cumsum([len(b) for b, _ in parts]))).astype(np.int64)
    empty = np.empty(0, np.int64)
    counts = np.concatenate([c for _, c in parts]) if parts else empty
    buckets = np.concatenate([b for b, _ in parts]) if parts else empty
    return counts, buckets, starts
