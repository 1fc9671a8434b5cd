"""The catalogue of terms, one module a field of law."""

from __future__ import annotations

from guangyue.law.book import LawBook
from guangyue.law.terms import (
    court,
    criminal,
    fraud,
    penalty,
    police,
    promises,
    records,
    remedies,
    services,
    traffic,
    transfer,
)

__all__ = ["BOOK"]

_FIELDS = (traffic, penalty, transfer, police, criminal, remedies, services, court, fraud, records, promises)

BOOK = LawBook(rule for field in _FIELDS for rule in field.TERMS)
"""The whole catalogue: terms set by law (``L-…``) and the city's own promises (``S-…``)."""
