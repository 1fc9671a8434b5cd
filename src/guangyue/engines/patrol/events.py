"""Calls for service: the only thing a forecast may learn from, and the schema that refuses the rest.

A forecast fed with stops and arrests sends patrols where patrols already were (Lum & Isaac 2016; Ensign et al. 2018).
So every event must name its source, only what citizens and alarms reported is taken, and the rest is refused loudly
rather than dropped silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from guangyue.engines.patrol.errors import PatrolError

__all__ = ["REFUSED", "REPORTED", "Calls", "calls", "read_calls"]

REPORTED = frozenset({"call", "app", "counter", "alarm"})
"""Sources a forecast may learn from: telephone (110, 12345), app or text, in person, shop or bank alarm."""

REFUSED = frozenset({"stop", "search", "arrest", "patrol", "officer", "camera", "penalty"})
"""Known sources that measure where officers looked; a file that holds any of them is refused as a whole."""

COLUMNS = ("time", "longitude", "latitude", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Reported events in the city's own calendar; n events, ordered by time.

    Attributes:
        day: n, days since 1970-01-01 in local time.
        second: n, local second of the day.
        longitude: n, WGS-84 degrees.
        latitude: n, WGS-84 degrees.
        source: n, members of :data:`REPORTED`.
    """

    day: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    source: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.day)

    def slot(self, hours: tuple[float, ...]) -> npt.NDArray[np.int64]:
        """n, the slot of each event; slots begin at ``hours`` (ascending), before the first it is the last slot.

        ``(0, 8, 16)`` makes three watches; ``(18, 20, 22, 0)`` is not ascending and is refused.
        """
        if not hours or list(hours) != sorted(set(hours)) or hours[0] < 0 or hours[-1] >= 24:  # noqa: PLR2004 - a day
            sentence = f"Slots must begin at ascending hours from 0 to 24, not {hours}."
            raise PatrolError("patrol.slots", sentence, hours=hours)
        at = np.searchsorted(np.array(hours) * 3600, self.second, side="right") - 1
        return np.asarray(np.where(at < 0, len(hours) - 1, at), dtype=np.int64)


def calls(table: pl.DataFrame, *, zone: str) -> Calls:
    """Check a table of events and bring it into the city's calendar.

    Args:
        table: columns time (aware, or local without offset), longitude, latitude, source; others are ignored.
        zone: the city's time zone, such as ``Asia/Shanghai``.

    Raises:
        PatrolError: naming every fault with its number of rows and the first of them.
    """
    absent = [c for c in COLUMNS if c not in table.columns]
    if absent:
        sentence = f"The table of calls lacks {', '.join(absent)}. Every event must say when, where and by whom it was reported."
        raise PatrolError("patrol.events.columns", sentence, columns=absent)
    if table.is_empty():
        raise PatrolError("patrol.events.empty", "The table of calls is empty: there is nothing to learn from.")
    time = _local(table["time"], zone)
    table = table.select(
        time.alias("time"),
        pl.col("longitude").cast(pl.Float64, strict=False),
        pl.col("latitude").cast(pl.Float64, strict=False),
        pl.col("source").cast(pl.String).str.strip_chars().str.to_lowercase(),
    )
    faults = {
        "patrol.events.time": (pl.col("time").is_null(), "no readable time"),
        "patrol.events.place": (
            ~(pl.col("longitude").is_between(-180, 180) & pl.col("latitude").is_between(-90, 90)).fill_null(value=False)
            | (pl.col("longitude").is_nan() | pl.col("latitude").is_nan()).fill_null(value=True),
            "no place on earth",
        ),
        "patrol.events.refused": (
            pl.col("source").is_in(sorted(REFUSED)).fill_null(value=False),
            (
                "a source that tells where officers looked, not where they were needed "
                f"({', '.join(sorted(REFUSED))}); a forecast must not learn from it"
            ),
        ),
        "patrol.events.source": (
            ~pl.col("source").is_in(sorted(REPORTED | REFUSED)).fill_null(value=False),
            f"no known source (known: {', '.join(sorted(REPORTED))})",
        ),
    }
    found: list[tuple[str, str, int, int]] = []
    for code, (bad, what) in faults.items():
        rows = table.select(bad.alias("bad"))["bad"].arg_true()
        if len(rows):
            found.append((code, what, len(rows), int(rows[0]) + 1))
    if found:
        sentence = "The calls cannot be used. " + " ".join(
            f"{count:,} rows have {what}; the first is row {first:,}." for _, what, count, first in found
        )
        raise PatrolError(found[0][0], sentence, rows={code: count for code, _, count, _ in found})
    table = table.sort("time", maintain_order=True)
    micro = table["time"].dt.epoch("us").to_numpy()
    day_us = 86_400_000_000
    return Calls(
        day=np.asarray(micro // day_us, dtype=np.int64), second=np.asarray(micro % day_us // 1_000_000, dtype=np.int64),
        longitude=table["longitude"].to_numpy(), latitude=table["latitude"].to_numpy(),
        source=table["source"].to_numpy().astype(np.str_),
    )  # fmt: skip


def _local(time: pl.Series, zone: str) -> pl.Series:
    """The local wall-clock time, without offset, so that an hour is an hour of the city's day."""
    try:
        ZoneInfo(zone)
    except (ValueError, LookupError, OSError) as error:
        sentence = f"The time zone {zone!r} is not known; one is Asia/Shanghai."
        raise PatrolError("patrol.events.zone", sentence, zone=zone) from error
    try:
        if time.dtype == pl.String:
            offset = time.str.contains(r"(Z|[+-]\d\d:?\d\d)$").fill_null(value=False)
            if offset.all():
                time = time.str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
            elif offset.any():
                sentence = "Some times carry an offset from UTC and some do not: the file mixes two meanings."
                raise PatrolError("patrol.events.mixed", sentence)
            else:
                time = time.str.to_datetime(time_unit="us", strict=False)
        if time.dtype == pl.Date:
            raise PatrolError("patrol.events.hour", "The times are dates without an hour; slots need the hour.")
        if isinstance(time.dtype, pl.Datetime) and time.dtype.time_zone:
            time = time.dt.convert_time_zone(zone).dt.replace_time_zone(None)
        return time.cast(pl.Datetime("us"))
    except pl.exceptions.PolarsError as error:
        sentence = f"The times of the calls or the time zone {zone!r} cannot be read: {error}"
        raise PatrolError("patrol.events.times", sentence) from error


def read_calls(path: Path, *, zone: str, rename: dict[str, str] | None = None, all_from: str | None = None) -> Calls:
    """Read calls from CSV (also gzipped) or Parquet.

    Args:
        path: the file.
        zone: the city's time zone.
        rename: file's column → ours, where the names differ.
        all_from: the source of every row, for a file that holds one kind only: a statement by whoever prepared it.

    Raises:
        PatrolError: when the file cannot be read or its rows cannot be used.
    """
    try:
        table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=10_000)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise PatrolError("patrol.events.file", f"{path.name} cannot be read: {error}", file=str(path)) from error
    table = table.rename({a: b for a, b in (rename or {}).items() if a in table.columns})
    if all_from is not None:
        if "source" in table.columns:
            sentence = "The file has a column of sources, so its rows speak for themselves; do not state one for all."
            raise PatrolError("patrol.events.twice", sentence)
        table = table.with_columns(pl.lit(all_from).alias("source"))
    return calls(table, zone=zone)
