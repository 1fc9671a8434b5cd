"""The city's clock: Beijing time, +08:00.

China has kept one time zone without summer time since 1991, so a fixed offset is exact for every day the calendar
knows and needs no zone database.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from guangyue.law.errors import LawError

__all__ = ["CITY", "OFFSET", "local_date"]

OFFSET = timedelta(hours=8)
CITY = timezone(OFFSET, "UTC+08:00")


def local_date(moment: datetime) -> date:
    """The city's date at a moment.

    Raises:
        LawError: ``law.time.naive``.
    """
    if moment.tzinfo is None:
        raise LawError("law.time.naive", given=moment.isoformat())
    return moment.astimezone(CITY).date()
