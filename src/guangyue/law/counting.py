"""How a term is counted (期间计算).

1. **The start is excluded.** A term in days begins on the following day; a term in seconds, minutes or hours runs from
   the instant after its start. (Leaving out the whole hour of the start, as textbooks do, could only lengthen an
   agency's time, so it is never claimed.)
2. **Months and years end on the day of the same number**, or on the month's last day where it has none.
3. **A last day that is not worked moves on** to the next working day, never where liberty is restricted, where a
   measure lapses by itself, or where the rule names a clock time.
4. **Day terms end at 24:00 of the last day**, the exclusive instant at which the next day begins: an act at 23:59:59 is
   in time, one at 24:00 is not. **Clock terms end at start + span, inclusive**: ten minutes of grace from 09:00:00 are
   kept by leaving at 09:10:00 sharp. ``Due.met_by`` knows the difference.
5. **Suspended, a term keeps its remainder in its own unit**: working days stay working days, clock terms keep seconds,
   months and years keep calendar days. Resumed at once, it ends when it would have ended.

Sources: 民法典 200–204 (hours run from the given moment, days end at 24:00), 民事诉讼法 85, 刑事诉讼法 105,
公安机关办理行政案件程序规定 35.
"""

from __future__ import annotations

import calendar as _months
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.law.due import Due
from guangyue.law.errors import LawError
from guangyue.law.span import Span, Unit
from guangyue.law.zone import CITY, local_date

if TYPE_CHECKING:
    from guangyue.law.calendar import Calendar
    from guangyue.law.rule import TermRule

__all__ = ["due", "remaining", "resuming"]

_DAY, _WORKING_DAY, _MONTH = Unit.DAY, Unit.WORKING_DAY, Unit.MONTH


def due(rule_or_span: TermRule | Span, start: datetime, calendar: Calendar, *, liberty: bool = False) -> Due:
    """The end of a term that starts with an event.

    Args:
        rule_or_span: a rule, or a bare length (an extended term, a remainder, a date agreed).
        start: the event, aware.
        calendar: the working days.
        liberty: for a bare length: somebody's liberty is restricted, the last day stays.

    Raises:
        LawError: ``law.time.naive``, ``law.calendar.before``, ``law.calendar.beyond``.
    """
    if type(rule_or_span) is Span:
        span, stays = rule_or_span, liberty
    else:
        rule: TermRule = rule_or_span  # type: ignore[assignment]
        span, stays = rule.span, liberty or rule.stays
    if start.tzinfo is None:
        raise LawError("law.time.naive", given=start.isoformat())
    try:
        if span.clock is not None:
            began_at = start if start.tzinfo is UTC else start.astimezone(UTC)
            return Due(began_at + span.clock, False, calendar.version, True)  # noqa: FBT003 - by position: quick
        began = local_date(start).toordinal()
        if span.unit is _WORKING_DAY:
            return calendar.ending(calendar.nth_after(began, span.amount) if span.amount or not stays else began)
        nominal = _nominal_last(span, began)
    except OverflowError as error:
        raise LawError("law.calendar.beyond", given=span) from error
    if not stays:
        return calendar.ending(calendar.nth_after(nominal, 0))
    end = calendar.ending(nominal)
    return replace(end, provisional=False) if end.provisional else end


def _nominal_last(span: Span, began: int) -> int:
    if span.unit is _DAY:
        return began + span.amount
    months = span.amount if span.unit is _MONTH else 12 * span.amount
    return _same_day_later(date.fromordinal(began), months).toordinal()


def _same_day_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, _months.monthrange(year, month + 1)[1]))


def remaining(rule_or_span: TermRule | Span, start: datetime, now: datetime, calendar: Calendar) -> Span:
    """What is left of a term at a moment, in its own unit: what a suspension keeps and a resumption grants.

    Resume with ``due(remaining, resumed_at, calendar, liberty=…)``, or with ``due(resuming(rule, remaining), …)`` to
    keep the rule's other properties. Nothing left gives a span of nought, never a negative one.
    """
    span = rule_or_span if isinstance(rule_or_span, Span) else rule_or_span.span
    for moment in (start, now):
        if moment.tzinfo is None:
            raise LawError("law.time.naive", given=moment.isoformat())
    now = max(start, now)
    if span.clock is not None:
        left = start + span.clock - now
        return Span(max(0, -(-left // timedelta(seconds=1))), Unit.SECOND)
    began, today = start.astimezone(CITY).toordinal(), now.astimezone(CITY).toordinal()
    if span.unit is _WORKING_DAY:
        worked = calendar.working_days_between(date.fromordinal(began), date.fromordinal(today))
        return Span(max(0, span.amount - worked), Unit.WORKING_DAY)
    return Span(max(0, _nominal_last(span, began) - today), Unit.DAY)


def resuming(rule: TermRule, left: Span) -> TermRule:
    """The rule with the remainder as its length, all else kept."""
    return replace(rule, span=left, extension=None, max_extensions=0, cap=None)
