"""The rules of law as dated data (法规规则库): terms, calendars, competence, bands, papers.

Pure: standard library only, no clock, no I/O. Every rule carries its source, its article, the days between which it is
the law, and whether somebody who answers for it has read it (``verified``).

    >>> from datetime import datetime
    >>> from guangyue.law import BOOK, CALENDAR, CITY, due
    >>> rule = BOOK.term("L-TRAF-REV", on=datetime(2026, 9, 29, tzinfo=CITY))
    >>> due(rule, datetime(2026, 9, 29, 10, tzinfo=CITY), CALENDAR).at.astimezone(CITY).isoformat()
    '2026-10-13T00:00:00+08:00'
"""

from __future__ import annotations

from guangyue.law.book import LawBook
from guangyue.law.calendar import Calendar, Festival, YearTable
from guangyue.law.counting import due, remaining, resuming
from guangyue.law.due import Due
from guangyue.law.errors import LawError
from guangyue.law.holidays import CALENDAR
from guangyue.law.rule import Kind, Rule, TermRule
from guangyue.law.source import Mark, Source
from guangyue.law.span import Span, Unit
from guangyue.law.terms import BOOK
from guangyue.law.text import Text
from guangyue.law.zone import CITY, local_date

__all__ = [
    "BOOK",
    "CALENDAR",
    "CITY",
    "Calendar",
    "Due",
    "Festival",
    "Kind",
    "LawBook",
    "LawError",
    "Mark",
    "Rule",
    "Source",
    "Span",
    "TermRule",
    "Text",
    "Unit",
    "YearTable",
    "due",
    "local_date",
    "remaining",
    "resuming",
]
