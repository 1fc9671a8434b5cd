"""Spans of days: a window is read as the few whole spans of 64, 16, 4 and 1 days that it consists of."""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["EPOCH", "SPANS", "spans"]

SPANS = (1, 4, 16, 64)
"""Days that are added up together; each holds the one before it four times."""
EPOCH = date(1900, 1, 1)
"""From here on spans are counted."""


def spans(first: date, last: date) -> list[tuple[int, date, date]]:
    """The spans that make up a window.

    Args:
        first: the window's first day.
        last: the day before which it ends.

    Returns:
        Ranges that lie beside one another: the length of their spans, the first day of the first one, and the day before
        which the last one ends. A year takes about a dozen spans, whatever day it begins with.
    """
    found: list[tuple[int, date, date]] = []
    for span, larger in zip(SPANS, (*SPANS[1:], None), strict=True):
        if larger is None or first >= last:
            break
        head = first + timedelta(days=-(first - EPOCH).days % larger)
        tail = last - timedelta(days=(last - EPOCH).days % larger)
        if head >= tail:
            break
        found += [(span, *side) for side in ((first, head), (tail, last)) if side[0] < side[1]]
        first, last = head, tail
    return [*found, (span, first, last)] if first < last else found
