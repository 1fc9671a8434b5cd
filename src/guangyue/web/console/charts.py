"""A line per figure, drawn as SVG on the server: direct labels, a quiet grid, the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from guangyue.law import Text

__all__ = ["Chart", "chart"]

WIDE, NARROW, HEIGHT, LEFT, TOP, FOOT = 960, 380, 220, 52, 18, 24
"""A chart is drawn for a desk and for a phone: shrunk from one to the other its words could not be read."""
TONES = ("act", "lapsed", "done")
STEPS = 4
MOST_POINTS = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One figure's line."""

    title: Text
    tone: str
    points: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid or a mark of the axis."""

    value: str
    x: float = 0
    y: float = 0
    text_y: float = 0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the table."""

    day: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws."""

    title: Text
    series: list[Line]
    grid: list[Mark]
    ticks: list[Mark]
    rows: list[Day]
    titles: list[Text]
    narrow: Chart | None = None
    width: int = WIDE
    height: int = HEIGHT
    left: int = LEFT
    left_text: int = LEFT - 8
    base: int = HEIGHT - 6


def chart(
    title: Text, days: tuple[date, date], given: Sequence[tuple[Text, Mapping[date, int]]], *, means: bool = False
) -> Chart | None:
    """A chart of what was counted each day; nothing when nothing was. Long windows are drawn week by week.

    Args:
        title: above it.
        days: first and last.
        given: the lines: a name, and a number for each day that has one.
        means: numbers that are not added up, such as medians: a day without one has no point, weeks show the mean.
    """
    drawn = _drawn(title, days, given, WIDE, quarters=4, means=means)
    return replace(drawn, narrow=_drawn(title, days, given, NARROW, quarters=2, means=means)) if drawn else None


def _drawn(
    title: Text, days: tuple[date, date], given: Sequence[tuple[Text, Mapping[date, int]]], width: int, *, quarters: int,
    means: bool,
) -> Chart | None:  # fmt: skip
    first, last = days
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    step = -(-len(every) // MOST_POINTS)
    buckets = [every[n : n + step] for n in range(0, len(every), step)]
    sums = [
        [_of([counted[d] for d in bucket if d in counted], means=means) for bucket in buckets] for _, counted in given
    ]
    known = [[any(d in counted for d in bucket) or not means for bucket in buckets] for _, counted in given]
    top = max((v for line in sums for v in line), default=0)
    if top == 0 or len(buckets) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    top = _round_up(top)
    inner = HEIGHT - TOP - FOOT

    def x(n: int) -> float:
        return round(LEFT + (width - LEFT - 8) * n / (len(buckets) - 1), 1)

    def y(v: float) -> float:
        return round(TOP + inner * (1 - v / top), 1)

    series = []
    for (name, _), values, there, tone in zip(given, sums, known, TONES, strict=False):
        if not any(values):
            continue
        points = " ".join(f"{x(n)},{y(v)}" for n, v in enumerate(values) if there[n])
        peak = max(range(len(values)), key=lambda n: values[n])
        series.append(Line(name, tone, points, min(max(x(peak), LEFT + 120), width - 4), max(y(values[peak]) - 6, 12)))
    grid = [
        Mark(f"{top * n // STEPS:,}", y=y(top * n / STEPS), text_y=y(top * n / STEPS) + 4) for n in range(STEPS + 1)
    ]
    marks = sorted({n * (len(buckets) - 1) // quarters for n in range(quarters + 1)})
    ticks = [
        Mark(
            f"{buckets[n][0]:%m-%d}", x=x(n),
            anchor="start" if n == 0 else "end" if n == len(buckets) - 1 else "middle",
        )
        for n in marks
    ]  # fmt: skip
    rows = [
        Day(f"{b[0]:%Y-%m-%d}", [f"{line[n]:,}" if there[n] else "–" for line, there in zip(sums, known, strict=True)])
        for n, b in enumerate(buckets)
    ]  # fmt: skip
    return Chart(title, series, grid, ticks, rows, [name for name, _ in given], width=width)


def _of(values: list[int], *, means: bool) -> int:
    return round(sum(values) / len(values)) if means and values else sum(values)


def _round_up(top: int) -> int:
    """The next number that quarters well."""
    unit = 4
    while True:
        for n in (1, 2, 3, 5, 10):
            if unit * n >= top:
                return unit * n
        unit *= 10
