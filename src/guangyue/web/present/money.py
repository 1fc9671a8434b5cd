"""Money in words that a page shows."""

from __future__ import annotations

__all__ = ["yuan"]

FEN = 100


def yuan(fen: int) -> str:
    """Fen as yuan with two places."""
    return f"¥{fen // FEN:,}.{fen % FEN:02}"
