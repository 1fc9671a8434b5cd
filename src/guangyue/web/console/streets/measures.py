"""What the board shows of the journal: counts by the names that procedures give them, shares, and how long things took.

A procedure that is added counts as soon as its figures bear these codes; figures under other codes have rows of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from guangyue.kernel.grammar import T
from guangyue.law import Text
from guangyue.records import figures
from guangyue.records.database import db
from guangyue.web.console.charts import Chart, chart
from guangyue.web.present.money import figure_cell, figure_title

if TYPE_CHECKING:
    from guangyue.web.console.streets.reach import Sight

__all__ = ["DECISIONS", "GROUPS", "Measure", "Numbers", "Share", "behind", "numbers", "titles"]

REMINDERS, PENALTIES, LEFT, OBJECTIONS, UPHELD = "reminders", "penalties", "left_in_time", "objections", "upheld"
FINES = ("fines_fine_on_spot", "fines_fine_simple", "fines_decide_fine")
PENALISED = "penalised"
GROUPS: dict[str, tuple[Text, tuple[str, ...]]] = {
    PENALISED: (T("处罚起数", "Penalties"), (PENALTIES, *FINES)),
}
"""Figures of several procedures that are one thing to the headquarters."""
DECIDED = "decided"
DECISIONS = (PENALTIES, "admonished", "oral_warnings", "warnings", *FINES)
"""The figures that are a decision on what was photographed: what "from photo to decision" ends with."""
ALWAYS = (REMINDERS, LEFT, PENALTIES, OBJECTIONS, UPHELD)
"""Shown even when nothing was counted."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the window with its base of a year before.

    Attributes:
        code: the figure's. value, base: now and a year before. change: in percent, two decimals; empty without a base, as is `base_link`.
    """

    code: str
    title: Text
    value: int | str
    base: int | str
    change: str
    per_day: str
    link: str
    base_link: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole in percent, two decimals, with both numbers; and the same a year before."""

    code: str
    title: Text
    part: int
    whole: int
    percent: Decimal | None
    base: Decimal | None
    part_link: str
    whole_link: str
    base_link: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures of a window."""

    measures: list[Measure]
    shares: list[Share]
    took: figures.Took
    took_base: figures.Took
    took_link: str
    chart: Chart | None
    waits: Chart | None


def titles(seen: Sight) -> dict[str, Text]:
    """The desk's figures by code, those of the published programme first, the others as they are declared."""
    found: dict[str, Text] = {}
    for procedure in seen.procedures:
        for count in procedure.figures:
            found.setdefault(count.code, figure_title(count.code, count.title))
    return {code: found[code] for code in (*(c for c in ALWAYS if c in found), *(c for c in found if c not in ALWAYS))}


def behind(code: str, named: dict[str, Text]) -> tuple[Text, list[str]] | None:
    """What a number is called and which figures it adds up; nothing for an unknown one."""
    groups = {**GROUPS, DECIDED: (T("决定", "Decisions"), DECISIONS)}
    if code in groups:
        title, codes = groups[code]
        return title, [c for c in codes if c in named]
    return (named[code], [code]) if code in named else None


def link(code: str, first: date, last: date, **more: str) -> str:
    """The way to the entries behind a number."""
    said = {"from": first.isoformat(), "until": last.isoformat(), **{k: v for k, v in more.items() if v}}
    return f"{reverse('streets_entries', args=[code])}?{urlencode(said)}"


def numbers(seen: Sight, first: date, last: date) -> Numbers:
    """Everything that was counted from day to day, both included."""
    raw, named = db(), titles(seen)
    window = figures.Window.days(first, last, seen.units)
    before = window.a_year_before()
    a_year_before = before.first_day, before.last_day - timedelta(days=1)
    by_day = figures.several_by_day(raw, seen.codes, list(named), window)
    base = figures.several_by_day(raw, seen.codes, list(named), before)
    now = {code: sum(days.values()) for code, days in by_day.items()}
    then = {code: sum(days.values()) for code, days in base.items()}
    measures = [
        Measure(
            code, title, figure_cell(code, now[code]), figure_cell(code, then[code]), str(figures.change(now[code], then[code])) if then[code] else "",
            f"{now[code] / window.length:,.1f}", link(code, first, last), link(code, *a_year_before) if then[code] else "",
        )
        for code, title in named.items()
        if now[code] or then[code] or code in ALWAYS
    ]  # fmt: skip

    def share(part: str, whole: str, title: Text) -> list[Share]:
        if not {part, whole} <= named.keys():
            return []
        said = figures.share(now[part], now[whole]), figures.share(then[part], then[whole])
        ways = link(part, first, last), link(whole, first, last), link(part, *a_year_before)
        return [Share(f"{part}/{whole}", title, now[part], now[whole], *said, *ways)]

    shares = [
        *share(LEFT, REMINDERS, T("提醒后驶离率", "Reminders that sufficed")),
        *share(PENALTIES, REMINDERS, T("处罚与提醒之比", "Penalties per reminders")),
        *share(UPHELD, OBJECTIONS, T("异议成立率", "Objections upheld")),
    ]
    ends = [code for code in DECISIONS if code in named]
    took = figures.took(raw, seen.codes, ends, window)
    took_base = figures.took(raw, seen.codes, ends, before)
    days = (first, last)
    lines: list[tuple[str, Text, tuple[str, ...]]] = [
        (code, named[code], (code,)) for code in (REMINDERS,) if code in named
    ]
    lines += [(code, title, codes) for code, (title, codes) in GROUPS.items()]
    drawn = chart(
        T("提醒与处罚，按日", "Reminders and penalties by day"), days,
        [(title, _summed([by_day[c] for c in codes if c in by_day])) for _, title, codes in lines],
    )  # fmt: skip
    waits = chart(
        T("从拍照到决定的分钟数，按日中位", "Minutes from photo to decision, median of each day"), days,
        [(T("中位分钟", "median minutes"), took.by_day)], means=True,
    )  # fmt: skip
    return Numbers(measures, shares, took, took_base, link(DECIDED, first, last), drawn, waits)


def _summed(given: list[dict[date, int]]) -> dict[date, int]:
    found: dict[date, int] = {}
    for counted in given:
        for day, value in counted.items():
            found[day] = found.get(day, 0) + value
    return found
