"""The city's clock: Beijing time, +08:00.

China has kept one time zone without summer time since 1991, so a fixed offset is exact for every day the calendar
knows and needs no zone database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from guangyue.law.errors import LawError

__all__ = ["CITY", "OFFSET", "local_date"]

OFFSET = timedelta(hours=8)
CITY = timezone(OFFSET, "UTC+08:00")


def local_date(when: date | datetime) -> date:
    """The city's date at a moment; a date is itself.

    Raises:
        LawError: ``law.time.naive``.
    """
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is CITY:
        return when.date()
    if when.tzinfo is UTC:  # the house's own moments; a sum is three times quicker than a change of zone
        return (when + OFFSET).date()
    if when.tzinfo is None:
        raise LawError("law.time.naive", given=when.isoformat())
    return when.astimezone(CITY).date()
