"""How typed numbers are cleaned before they are read: full-width to half-width, spaces and separators out."""

from __future__ import annotations

import unicodedata

__all__ = ["MAX_TYPED", "squeeze"]

MAX_TYPED = 64
"""Nothing longer is a number; it is refused unread."""

_SEPARATORS = str.maketrans("", "", " \t\r\n\u00a0\u200b·・•.-_—–")


def squeeze(text: str) -> str:
    """Half-width capitals without separators (``鲁ｐ·１２３４５`` → ``鲁P12345``)."""
    return unicodedata.normalize("NFKC", text[: MAX_TYPED + 1]).translate(_SEPARATORS).upper()
