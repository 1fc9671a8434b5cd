"""The working-day calendar against an outside source, day by day, and its behaviour at the edges."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from guangyue.law import CALENDAR, Calendar, Festival, LawError, Text, YearTable
from guangyue.law.holidays import TABLES

NAME = Text("节", "festival")
YEAR_2027 = YearTable(2027, "test", (Festival(NAME, date(2027, 1, 1), date(2027, 1, 3), (date(2027, 1, 9),)),))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_agrees_with_chinesecalendar(year):
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2020-01-31", False),  # the second notice of 2020 made the Spring Festival longer
        ("2020-02-02", False),
        ("2022-12-31", False),  # New Year 2023 begins in the old year
        ("2023-12-30", False),
        ("2026-01-04", True),  # a Sunday worked for New Year
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-10-08", True),
        ("2026-10-07", False),
        ("2026-11-22", False),  # a plain Sunday
        ("2027-01-01", True),  # past the last table Monday to Friday count as worked
    ],
)
def test_known_days(day, worked):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is worked


def test_working_days_a_year():
    def count(year):
        return CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))

    assert {year: count(year) for year in range(2021, 2027)} == {
        2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248,
    }  # fmt: skip


def test_adding_and_counting_are_inverse():
    start = date(2026, 9, 18)
    for amount in range(1, 60):
        assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, amount)) == amount


def test_nought_working_days_is_this_day_or_the_next_worked_one():
    assert CALENDAR.add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 8)
    assert CALENDAR.this_or_next(date(2026, 10, 8)) == date(2026, 10, 8)
    assert CALENDAR.this_or_next(date(2020, 1, 1)) == date(2020, 1, 2)


def test_official_until_is_the_last_table():
    assert CALENDAR.official_until == date(2026, 12, 31)
    assert CALENDAR.is_settled(date(2026, 12, 31))
    assert not CALENDAR.is_settled(date(2027, 1, 1))


def test_a_new_year_changes_version_and_days():
    newer = CALENDAR.with_year(YEAR_2027)
    assert newer.official_until == date(2027, 12, 31)
    assert newer.version != CALENDAR.version
    assert not newer.is_working_day(date(2027, 1, 1))
    assert newer.is_working_day(date(2027, 1, 9))
    assert CALENDAR.is_working_day(date(2027, 1, 1)), "the old calendar is untouched"


def test_a_corrected_year_changes_the_version():
    longer = Festival(NAME, date(2026, 10, 1), date(2026, 10, 8))
    changed = CALENDAR.with_year(YearTable(2026, "corrected", (*TABLES[-1].festivals, longer)))
    assert changed.version.split("-")[:2] == CALENDAR.version.split("-")[:2]
    assert changed.version != CALENDAR.version


def test_the_version_is_pinned():
    assert CALENDAR.version == "CN-2026-074faef5", "a changed table must be a deliberate change"


def test_same_tables_same_version():
    assert Calendar(reversed(TABLES)).version == CALENDAR.version


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ((), "missing"),
        ((TABLES[0], TABLES[2]), "missing"),
        ((TABLES[0], TABLES[0]), "doubled"),
        (
            (
                YearTable(
                    2026,
                    "",
                    (
                        Festival(NAME, date(2026, 1, 1), date(2026, 1, 3)),
                        Festival(NAME, date(2026, 2, 1), date(2026, 2, 1), (date(2026, 1, 3),)),
                    ),
                ),
            ),
            "free and worked",
        ),
    ],
)
def test_a_calendar_that_cannot_be_true_is_refused(tables, why):
    with pytest.raises(LawError, match=why) as refused:
        Calendar(tables)
    assert refused.value.code == "law.calendar.year"


def test_a_festival_that_cannot_be_true_is_refused():
    with pytest.raises(LawError, match="no weekend day"):
        YearTable(2026, "", (Festival(NAME, date(2026, 1, 1), date(2026, 1, 1), (date(2026, 1, 5),)),))
    with pytest.raises(LawError, match=r"law\.calendar\.year"):
        YearTable(2026, "", (Festival(NAME, date(2026, 1, 3), date(2026, 1, 1)),))


@pytest.mark.parametrize(
    ("day", "code"), [("2019-12-31", "law.calendar.before"), ("2039-01-01", "law.calendar.beyond")]
)
def test_days_outside_the_tables_are_refused(day, code):
    with pytest.raises(LawError) as refused:
        CALENDAR.is_working_day(date.fromisoformat(day))
    assert refused.value.code == code


def test_adding_too_many_working_days_is_refused():
    with pytest.raises(LawError) as refused:
        CALENDAR.add_working_days(date(2026, 1, 1), 100_000)
    assert refused.value.code == "law.calendar.beyond"
