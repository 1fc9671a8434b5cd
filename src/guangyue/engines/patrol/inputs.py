"""What a city writes down for its plans: crews, places in any case, blocks, classes of sites, factors, known demand.

CSV, Parquet or GeoJSON. Every refusal names the file, the row and the column.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast.level import Factors
from guangyue.engines.patrol.forecast.predict import Scheduled
from guangyue.engines.patrol.plan import Crew, MustVisit, Rest
from guangyue.law.holidays import CALENDAR

__all__ = [
    "Row", "crew_of", "festivals", "must_of", "positions", "read_blocks", "read_factors", "read_rows", "read_scheduled", "read_sites",
    "read_table", "scheduled_of",
]  # fmt: skip

Row = dict[str, Any]
EPOCH = dt.date(1970, 1, 1)
EVERY_DAY = "1 2 3 4 5 6 7"


def read_table(path: Path, needs: tuple[str, ...]) -> pl.DataFrame:
    """A CSV or Parquet table with at least the columns in ``needs``.

    Raises:
        PatrolError: when it cannot be read, lacks a column or holds no row.
    """
    try:
        table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=10_000)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _file(path, f"cannot be read: {error}", "读不出") from error
    absent = [c for c in needs if c not in table.columns]
    if absent:
        has = f"lacks the column {', '.join(absent)}; it has {', '.join(table.columns)}"
        raise _file(path, has, "缺少列" + "、".join(absent))
    if table.is_empty():
        raise _file(path, "holds no row", "没有一行数据")
    return table


def read_rows(path: Path, needs: tuple[str, ...] = ("name", "lon", "lat")) -> list[Row]:
    """The rows of a table, each knowing its file and number for the sentences of refusals.

    Raises:
        PatrolError: as :func:`read_table`.
    """
    rows = read_table(path, needs).to_dicts()
    return [row | {"_file": path.name, "_row": number} for number, row in enumerate(rows, 1)]


def number(row: Row, column: str, usual: float | None = None, *, least: float = -math.inf) -> float:
    """A number out of a row; ``usual`` where the cell is empty.

    Raises:
        PatrolError: when it is missing, not a number, or below ``least``.
    """
    given = row.get(column)
    if given is None or given == "":
        if usual is not None:
            return usual
        given = "—"
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value) or value < least:
        raise _cell(row, column, given)
    return value


def positions(rows: list[Row]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Longitude and latitude of rows with ``lon`` and ``lat``, WGS-84 degrees.

    Raises:
        PatrolError: naming the row that lies nowhere on earth.
    """
    lon = np.array([number(row, "lon", least=-180.0) for row in rows], np.float64)
    lat = np.array([number(row, "lat", least=-90.0) for row in rows], np.float64)
    for row, x, y in zip(rows, lon.tolist(), lat.tolist(), strict=True):
        if x > 180 or y > 90:  # noqa: PLR2004 - degrees
            raise _cell(row, "lon" if x > 180 else "lat", x if x > 180 else y)  # noqa: PLR2004
    return lon, lat


def crew_of(row: Row, place: int) -> Crew:
    """A crew from a row of the roster.

    Columns: name; optional begins, ends (minutes of the slot), skills (separated by spaces), kind (ground, drone),
    rest_opens, rest_closes, rest (minutes).

    Raises:
        PatrolError: naming what cannot be.
    """
    kind = str(row.get("kind") or "ground").strip().lower()
    if kind not in ("ground", "drone"):
        raise _cell(row, "kind", kind)
    begins, ends = number(row, "begins", 0.0, least=0.0), number(row, "ends", 120.0, least=0.0)
    if ends < begins:
        raise _cell(row, "ends", ends)
    rest, minutes = None, number(row, "rest", 0.0, least=0.0)
    if minutes:
        opens = number(row, "rest_opens", begins)
        closes = number(row, "rest_closes", ends)
        if closes < opens:
            raise _cell(row, "rest_closes", closes)
        rest = Rest(opens=opens, closes=closes, minutes=minutes)
    return Crew(
        name=str(row["name"]), start=place, begins=begins, ends=ends, profile=int(kind == "drone"), rest=rest,
        skills=frozenset(str(row.get("skills") or "").split()) | {kind}, answers=kind == "ground",
    )  # fmt: skip


def must_of(row: Row, place: int) -> MustVisit:
    """A must-visit place from a row: name; optional opens, closes, minutes, every, needs, calls.

    Raises:
        PatrolError: naming what cannot be.
    """
    every = number(row, "every", 0.0, least=0.0)
    return MustVisit(
        name=str(row["name"]), place=place, opens=number(row, "opens", 0.0), closes=number(row, "closes", 120.0),
        minutes=number(row, "minutes", 5.0, least=0.0), every=every or None,
        needs=frozenset(str(row.get("needs") or "").split()), calls=number(row, "calls", 0.0, least=0.0),
    )  # fmt: skip


def read_blocks(path: Path, longitude: Any, latitude: Any) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401 - arrays
    """The responsibility block (责任块) of each position, from GeoJSON polygons with a ``name``; outside all: the nearest.

    Raises:
        PatrolError: when the file holds no named polygon.
    """
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        shapes = [shapely.geometry.shape(f["geometry"]) for f in features]
        names = tuple(str(f["properties"]["name"]) for f in features)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise _file(path, f"holds no polygons with a name: {error!r}", "没有带名称的多边形") from error
    if not shapes:
        raise _file(path, "holds no polygons with a name", "没有带名称的多边形")
    apart = np.stack([shapely.distance(shape, shapely.points(longitude, latitude)) for shape in shapes])
    return apart.argmin(axis=0).astype(np.int64), names


def read_sites(path: Path) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """Sites of the 1-3-5 rule: n × 2 positions and the class of each (1, 3 or 5), from columns name, lon, lat, class.

    Raises:
        PatrolError: for a class there is none of.
    """
    rows = read_rows(path, ("name", "lon", "lat", "class"))
    kind = [number(row, "class") for row in rows]
    for row, value in zip(rows, kind, strict=True):
        if value not in (1, 3, 5):
            raise _cell(row, "class", value)
    return np.column_stack(positions(rows)), np.array(kind, np.uint8)


def festivals(first: int, end: int) -> Factors:
    """China's festivals and make-up days as factors, as far as the State Council has settled them.

    A day free by a year's notice counts as festival, a weekend day worked for it as make-up day; years without a table
    have no influence.
    """
    low = max(first, (dt.date(CALENDAR.tables[0].year, 1, 1) - EPOCH).days)
    settled = (CALENDAR.official_until - EPOCH).days + 1
    free = {day for table in CALENDAR.tables for day in table.free_days()}
    made_up = {day for table in CALENDAR.tables for day in table.make_up_days()}
    days = [EPOCH + dt.timedelta(days=d) for d in range(low, min(end, settled))]
    values = {
        "festival": (low, np.array([float(day in free) for day in days])),
        "make-up day": (low, np.array([float(day in made_up) for day in days])),
    }
    return Factors(values if days else {})


def read_factors(path: Path) -> Factors:
    """Influences on the whole city per day: a column ``date``, every other column a factor in numbers.

    Such as rain in mm, the day's highest temperature, school (1 in term, 0 in holidays). An empty cell has no influence.

    Raises:
        PatrolError: for a date that is none or stands twice, a factor that is not a number, a file without factors.
    """
    table = read_table(path, ("date",))
    rows = read_rows(path, ("date",))
    days = [_day(row, "date") for row in rows]
    if len(set(days)) < len(days):
        twice = next(i for i, day in enumerate(days) if day in days[:i])
        raise _cell(rows[twice], "date", rows[twice]["date"])
    names = [c for c in table.columns if c != "date"]
    if not names:
        raise _file(path, "holds no factor beside the date", "除日期外没有任何因素列")
    first = min(days)
    values = {}
    for name in names:
        series = np.full(max(days) - first + 1, np.nan)
        for row, day in zip(rows, days, strict=True):
            if row[name] is not None and row[name] != "":
                series[day - first] = number(row, name)
        series[np.isnan(series)] = np.nanmean(series) if np.isfinite(series).any() else 0.0
        values[name] = (first, series)
    return Factors(values)


def read_scheduled(path: Path) -> list[Row]:
    """Demand known in advance (夜市、学校、活动): name, lon, lat, hour, from, until, calls; optional weekdays."""
    return read_rows(path, ("name", "lon", "lat", "hour", "from", "until", "calls"))


def scheduled_of(rows: list[Row], cell: npt.NDArray[np.int64], hours: tuple[float, ...]) -> tuple[Scheduled, ...]:
    """The rows as scheduled demand; ``cell`` is the cell of each, ``hours`` are when the slots begin.

    ``hour`` is when it begins, ``from`` and ``until`` are its first and last day, ``weekdays`` are 1 (Monday) to 7
    separated by spaces (all when empty), ``calls`` are expected on each of these days beyond the usual.

    Raises:
        PatrolError: naming what cannot be.
    """
    out = []
    for row, at in zip(rows, cell.tolist(), strict=True):
        hour = number(row, "hour", least=0.0)
        if hour >= 24:  # noqa: PLR2004 - a day
            raise _cell(row, "hour", hour)
        slot = int(np.searchsorted(np.array(hours), hour, side="right")) - 1
        weekdays = str(row.get("weekdays") or EVERY_DAY).replace(",", " ").split()
        if not set(weekdays) <= set(EVERY_DAY.split()):
            raise _cell(row, "weekdays", row["weekdays"])
        first, last = _day(row, "from"), _day(row, "until")
        if last < first:
            raise _cell(row, "until", row["until"])
        days = tuple(d for d in range(first, last + 1) if str((d + 3) % 7 + 1) in weekdays)
        calls = number(row, "calls", least=0.0)
        out.append(Scheduled(name=str(row["name"]), cell=at, slot=slot % len(hours), days=days, calls=calls))
    return tuple(out)


def _day(row: Row, column: str) -> int:
    """A date as days since 1970-01-01."""
    given = row.get(column)
    try:
        day = given if isinstance(given, dt.date) else dt.date.fromisoformat(str(given).strip())
    except ValueError as error:
        raise _cell(row, column, given) from error
    return (day - EPOCH).days if not isinstance(day, dt.datetime) else (day.date() - EPOCH).days


def _cell(row: Row, column: str, value: object) -> PatrolError:
    where = {"file": row.get("_file", "?"), "row": row.get("_row", 0), "column": column, "value": value}
    sentence = "{file}, row {row}, column {column}: {value!r} is not possible there.".format(**where)
    return PatrolError("patrol.input.value", sentence, **where)


def _file(path: Path, why: str, chinese: str) -> PatrolError:
    return PatrolError("patrol.plan.file", f"{path.name} {why}.", file=path.name, why=chinese)
