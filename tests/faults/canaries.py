"""Values that nobody has: the check characters hold, the numbers ring nowhere."""

from __future__ import annotations

__all__ = ["CANARIES", "ID_NUMBER", "MOBILE", "NAME", "PLATE"]

ID_NUMBER = "370000199001012041"
"""A division that was never given out."""
MOBILE = "17200009931"
"""A segment for cards in machines."""
NAME = "金丝雀一号"
PLATE = "鲁T99312"
CANARIES = (ID_NUMBER, MOBILE, NAME)
