"""The State Council's holiday tables, one a year (国务院办公厅关于部分节假日安排的通知).

To add a year: copy the last table, fill in the new notice, run ``guangyue law check`` and the tests.
A New Year holiday that begins in December stands in the table of the year it celebrates, as in the notice.
"""

from __future__ import annotations

from datetime import date

from guangyue.law.calendar import Calendar, Festival, YearTable
from guangyue.law.text import Text

__all__ = ["CALENDAR", "TABLES"]

NEW_YEAR = Text("元旦", "New Year")
SPRING = Text("春节", "Spring Festival")
TOMB = Text("清明节", "Tomb-Sweeping Day")
LABOUR = Text("劳动节", "Labour Day")
DRAGON = Text("端午节", "Dragon Boat Festival")
MOON = Text("中秋节", "Mid-Autumn Festival")
NATIONAL = Text("国庆节", "National Day")


def _year(year: int, notice: str, *festivals: tuple[Text, str, str, str]) -> YearTable:
    """A year's table; days as month-day of the year, a full date where another year is meant."""

    def day(written: str) -> date:
        return date.fromisoformat(written if len(written) > len("01-01") else f"{year}-{written}")

    return YearTable(
        year,
        notice,
        tuple(
            Festival(name, day(first), day(last), tuple(day(written) for written in worked.split()))
            for name, first, last, worked in festivals
        ),
    )


# fmt: off
TABLES: tuple[YearTable, ...] = (
    _year(2020, "国办发明电〔2019〕16号、〔2020〕1号",  # the second notice made the Spring Festival longer
        (NEW_YEAR, "01-01", "01-01", ""),
        (SPRING,   "01-24", "02-02", "01-19"),
        (TOMB,     "04-04", "04-06", ""),
        (LABOUR,   "05-01", "05-05", "04-26 05-09"),
        (DRAGON,   "06-25", "06-27", "06-28"),
        (NATIONAL, "10-01", "10-08", "09-27 10-10"),  # with Mid-Autumn
    ),
    _year(2021, "国办发明电〔2020〕27号",
        (NEW_YEAR, "01-01", "01-03", ""),
        (SPRING,   "02-11", "02-17", "02-07 02-20"),
        (TOMB,     "04-03", "04-05", ""),
        (LABOUR,   "05-01", "05-05", "04-25 05-08"),
        (DRAGON,   "06-12", "06-14", ""),
        (MOON,     "09-19", "09-21", "09-18"),
        (NATIONAL, "10-01", "10-07", "09-26 10-09"),
    ),
    _year(2022, "国办发明电〔2021〕11号",
        (NEW_YEAR, "01-01", "01-03", ""),
        (SPRING,   "01-31", "02-06", "01-29 01-30"),
        (TOMB,     "04-03", "04-05", "04-02"),
        (LABOUR,   "04-30", "05-04", "04-24 05-07"),
        (DRAGON,   "06-03", "06-05", ""),
        (MOON,     "09-10", "09-12", ""),
        (NATIONAL, "10-01", "10-07", "10-08 10-09"),
    ),
    _year(2023, "国办发明电〔2022〕16号",
        (NEW_YEAR, "2022-12-31", "01-02", ""),
        (SPRING,   "01-21", "01-27", "01-28 01-29"),
        (TOMB,     "04-05", "04-05", ""),
        (LABOUR,   "04-29", "05-03", "04-23 05-06"),
        (DRAGON,   "06-22", "06-24", "06-25"),
        (NATIONAL, "09-29", "10-06", "10-07 10-08"),  # with Mid-Autumn
    ),
    _year(2024, "国办发明电〔2023〕7号",
        (NEW_YEAR, "2023-12-30", "01-01", ""),
        (SPRING,   "02-10", "02-17", "02-04 02-18"),
        (TOMB,     "04-04", "04-06", "04-07"),
        (LABOUR,   "05-01", "05-05", "04-28 05-11"),
        (DRAGON,   "06-10", "06-10", ""),
        (MOON,     "09-15", "09-17", "09-14"),
        (NATIONAL, "10-01", "10-07", "09-29 10-12"),
    ),
    _year(2025, "国办发明电〔2024〕12号",
        (NEW_YEAR, "01-01", "01-01", ""),
        (SPRING,   "01-28", "02-04", "01-26 02-08"),
        (TOMB,     "04-04", "04-06", ""),
        (LABOUR,   "05-01", "05-05", "04-27"),
        (DRAGON,   "05-31", "06-02", ""),
        (NATIONAL, "10-01", "10-08", "09-28 10-11"),  # with Mid-Autumn
    ),
    _year(2026, "国办发明电〔2025〕7号",
        (NEW_YEAR, "01-01", "01-03", "01-04"),
        (SPRING,   "02-15", "02-23", "02-14 02-28"),
        (TOMB,     "04-04", "04-06", ""),
        (LABOUR,   "05-01", "05-05", "05-09"),
        (DRAGON,   "06-19", "06-21", ""),
        (MOON,     "09-25", "09-27", ""),
        (NATIONAL, "10-01", "10-07", "09-20 10-10"),
    ),
)
# fmt: on

CALENDAR = Calendar(TABLES)
"""The State Council's calendar, 2020–2026."""
