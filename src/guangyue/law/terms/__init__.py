"""The catalogue of terms, one module a field of law."""

from __future__ import annotations

from guangyue.law.book import LawBook
from guangyue.law.terms import traffic

__all__ = ["BOOK"]

BOOK = LawBook(rule for module in (traffic,) for rule in module.TERMS)
"""The whole catalogue: terms set by law (``L-…``) and the city's own promises (``S-…``)."""
