"""What the legal office has to look at (法规核查): unverified, ending, missing, and the calendar running out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from guangyue.law.competence import BANDS, BANS, COMPETENCE, LADDERS, POWERS
from guangyue.law.counting import due
from guangyue.law.limits import LIMITS
from guangyue.law.papers import PAPERS
from guangyue.law.text import Text
from guangyue.law.zone import CITY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from guangyue.law.book import LawBook
    from guangyue.law.calendar import Calendar
    from guangyue.law.dated import Dated
    from guangyue.law.rule import Rule

__all__ = ["AHEAD", "Concern", "Finding", "audit"]

AHEAD = timedelta(days=30)
"""How long before the calendar or a rule ends the alarm is raised."""


class Concern(StrEnum):
    """What is the matter with a rule."""

    UNVERIFIED = "unverified"
    ENDING = "ending"
    ENDED = "ended"
    MISSING = "missing"
    CALENDAR = "calendar"
    PROVISIONAL = "provisional"

    @property
    def is_alarm(self) -> bool:
        """True for what must be mended now; the rest is for the record."""
        return self in {Concern.ENDING, Concern.ENDED, Concern.MISSING, Concern.CALENDAR}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which rule, what about it, in words."""

    concern: Concern
    code: str
    text: Text


def audit(book: LawBook, calendar: Calendar, today: date, *, referenced: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Everything to look at on a day.

    Args:
        book: the terms, with the city's settings and confirmations.
        calendar: the working days.
        today: the day of the check.
        referenced: codes of terms that procedures use; those the book lacks are missing.
    """
    tables: tuple[Dated[Rule], ...] = (book, LIMITS, COMPETENCE, BANDS, LADDERS, POWERS, BANS, PAPERS)  # type: ignore[assignment]
    found = [*_calendar(calendar, today)]
    for code in referenced:
        if code not in book:
            text = Text("规程引用的“{code}”不在规则库中。", "A procedure uses “{code}”, which is not in the law book.")
            found.append(Finding(Concern.MISSING, code, text.format(code=code)))
    for table in tables:
        for code in table.codes():
            found += _rule(table.versions(code), today)
    return (*found, *_provisional(book, calendar, today))


def _calendar(calendar: Calendar, today: date) -> Iterable[Finding]:
    left = calendar.official_until - today
    if left <= AHEAD:
        text = Text(
            "工作日历只到{until}，请录入下一年放假安排；此后的期限均为暂定。",
            "The working-day calendar ends on {until}: load the next year's table; later deadlines are provisional.",
        )
        yield Finding(Concern.CALENDAR, calendar.version, text.format(until=calendar.official_until))


def _rule(versions: tuple[Rule, ...], today: date) -> Iterable[Finding]:
    last = versions[-1]
    if last.effective_to is not None and last.effective_to - today <= AHEAD:
        over = last.effective_to < today
        text = Text("{title}：有效期至{end}，没有后续版本。", "{title}: in force until {end}, nothing follows.")
        shown = text.format(title=last.title, end=last.effective_to)
        yield Finding(Concern.ENDED if over else Concern.ENDING, last.code, shown)
    current = [rule for rule in versions if rule.in_force(today)]
    if any(not rule.verified for rule in current):
        rule = current[-1]
        text = Text("{title}（{source}）：未经核实。", "{title} ({source}): unverified.")
        yield Finding(Concern.UNVERIFIED, rule.code, text.format(title=rule.title, source=rule.source.text))


def _provisional(book: LawBook, calendar: Calendar, today: date) -> Iterable[Finding]:
    start = datetime.combine(today, time(12), tzinfo=CITY)
    for rule in book.in_force(today):
        if due(rule, start, calendar).provisional:
            text = Text("{title}：今日起算即为暂定期限。", "{title}: begun today, its end is provisional.")
            yield Finding(Concern.PROVISIONAL, rule.code, text.format(title=rule.title))
