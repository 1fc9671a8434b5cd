"""Money as a page shows it: in yuan, whatever is kept in fen."""

from __future__ import annotations

from decimal import Decimal

from guangyue.kernel.grammar import T
from guangyue.law import Text

__all__ = [
    "SUMS",
    "figure_cell",
    "figure_change",
    "figure_head",
    "figure_number",
    "figure_title",
    "figure_value",
    "yuan",
]

FEN = 100
SUMS = "fen_"
"""Figures that add up fen begin so; their declared titles name the unit, which a page in yuan leaves out."""


def yuan(fen: int) -> str:
    """Fen as yuan with two places."""
    return f"¥{fen // FEN:,}.{fen % FEN:02}"


def figure_value(code: str, value: int) -> str:
    """A figure's value: a sum of fen in yuan, a count with its thousands apart."""
    return yuan(value) if code.startswith(SUMS) else f"{value:,}"


def figure_change(code: str, amount: int) -> str:
    """What one entry adds to a figure, or takes from it."""
    return f"{'-' if amount < 0 else '+'}{yuan(abs(amount))}" if code.startswith(SUMS) else f"{amount:+d}"


def figure_number(code: str, value: int) -> int | Decimal:
    """A figure as a spreadsheet counts with it: a sum of fen in yuan."""
    return Decimal(value) / FEN if code.startswith(SUMS) else value


def _bare(title: Text) -> Text:
    """A sum's title as it is declared, without its unit."""
    return T(title.zh.removesuffix("（分）"), title.en.removesuffix(", fen"))


def figure_head(code: str, title: Text) -> Text:
    """The head of a spreadsheet's column, with the unit of its numbers."""
    bare = _bare(title)
    return T(f"{bare.zh}（元）", f"{bare.en}, yuan") if code.startswith(SUMS) else title


def figure_cell(code: str, value: int) -> int | str:
    """The same for a table or a file, where a count stays a number."""
    return yuan(value) if code.startswith(SUMS) else value


def figure_title(code: str, title: Text) -> Text:
    """A figure's title, without the unit that its value shows itself; never that of the count beside it."""
    bare = _bare(title)
    return T(bare.zh, f"{bare.en}, sum") if code.startswith(SUMS) else title
