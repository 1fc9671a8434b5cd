"""A second implementation of the counting rules, written differently on purpose.

It walks the calendar one day at a time, asks the ``chinesecalendar`` package about each day instead of our own tables,
works in naive city time, and knows nothing of ``guangyue.law.counting``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar

SATURDAY = 5


@cache
def worked(day: date) -> bool:
    """Whether a day is worked; Monday to Friday where the package has no table yet."""
    if day.year > 2026:
        return day.weekday() < SATURDAY
    return chinese_calendar.is_workday(day)


def ends(span: str, start: datetime, *, stays: bool = False) -> tuple[datetime, bool]:
    """The end in naive city time, and whether that instant itself still counts.

    A day term ends at midnight after its last day, which does not count; a clock term ends at an instant that does.
    """
    city = start.replace(tzinfo=None) + (timedelta(hours=8) - start.utcoffset())
    number, unit = span.split()
    amount = int(number)
    seconds = {"s": 1, "min": 60, "h": 3600}.get(unit)
    if seconds:
        return city + timedelta(seconds=amount * seconds), True
    day = city.date()
    if unit == "wd":
        left = amount
        while left:
            day += timedelta(days=1)
            left -= worked(day)
    elif unit == "d":
        day += timedelta(days=amount)
    else:
        months = amount * {"mo": 1, "y": 12}[unit]
        year, month = day.year, day.month
        for _ in range(months):
            month += 1
            if month > 12:
                year, month = year + 1, 1
        wanted = day.day
        while True:
            try:
                day = date(year, month, wanted)
                break
            except ValueError:
                wanted -= 1
    if not stays:
        while not worked(day):
            day += timedelta(days=1)
    return datetime.combine(day, datetime.min.time()) + timedelta(days=1), False
