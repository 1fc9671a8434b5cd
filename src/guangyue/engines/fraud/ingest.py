"""From files to batches: every record is checked against its source; what does not fit is counted and kept to look at.

A data folder holds one file for each source, ``<source>.parquet`` or ``<source>.csv`` (see ``docs/engines/fraud.md``).
Nothing in a record stops the engine.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from guangyue.engines.fraud.batch import Batch, join
from guangyue.engines.fraud.schema import SERVICE, TOKEN_BITS, Column, Kind, Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["FUTURE", "Reject", "Rejects", "read_folder", "read_frame", "read_source", "token_of"]

FUTURE = 5 * 60 * 1000
"""A record may be this much ahead of its arrival, ms; more is a broken clock and would make all others late."""
_EARLIEST = 946_684_800_000  # 2000-01-01: nothing older is meant
_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was refused: where it stood, which column, why."""

    source: str
    row: int
    column: str
    reason: str
    value: str


@dataclass(slots=True)
class Rejects:
    """The reject stream: counted by source, column and reason, with a few records of each to look at."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    samples: list[Reject] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many records were refused."""
        return sum(self.counts.values())

    def add(self, source: str, column: str, reason: str, rows: np.ndarray, values: list[str]) -> None:
        """Counts refused records."""
        key = (source, column, reason)
        room = max(0, _SAMPLES - self.counts[key])
        self.counts[key] += len(rows)
        listed = zip(rows[:room].tolist(), values[:room], strict=False)
        self.samples += [Reject(source, row, column, reason, value) for row, value in listed]


def token_of(text: str, salt: bytes, *, service: bool = False) -> int:
    """A salted token for a number, account, device, domain or person; the same text gives the same token.

    Args:
        text: what it stands for, in its canonical form.
        salt: the city's secret, 16 bytes or more; without it nobody can try all phone numbers.
        service: a short code, merchant or collection account, which keeps no windows.
    """
    digest = hashlib.blake2b(text.encode(), key=salt, digest_size=8).digest()
    token = int.from_bytes(digest) >> (64 - TOKEN_BITS) or 1
    return token | SERVICE if service else token


def _numbers(column: Column, series: pl.Series, salt: bytes) -> tuple[pl.Series, str]:
    """A column as integers, with null where it cannot be read, and the reason for that."""
    if column.kind is Kind.CODE and series.dtype == pl.String:
        known = {name: k for k, name in enumerate(column.choices)}
        return series.replace_strict(known, default=None, return_dtype=pl.Int64), "unknown code"
    if column.kind is Kind.TOKEN and series.dtype == pl.String:
        tokens = {text: token_of(text, salt) for text in series.drop_nulls().unique().to_list() if text}
        return series.replace_strict({"": 0, **tokens}, default=None, return_dtype=pl.Int64), "not a token"
    if column.kind is Kind.FLAG and series.dtype == pl.String:
        said = {"true": 1, "false": 0, "1": 1, "0": 0}
        return series.str.to_lowercase().replace_strict(said, default=None, return_dtype=pl.Int64), "not a flag"
    if series.dtype.is_float():
        whole = pl.DataFrame({"x": series}).select(
            pl.when(pl.col("x") == pl.col("x").round()).then(pl.col("x")).cast(pl.Int64, strict=False)
        )
        return whole.to_series(), "not a whole number"
    return series.cast(pl.Int64, strict=False), "not a whole number"


def _times(series: pl.Series) -> tuple[pl.Series, str]:
    """Times as UTC milliseconds: aware datetimes, ISO 8601 text with an offset, or integers of milliseconds."""
    if isinstance(series.dtype, pl.Datetime):
        if series.dtype.time_zone is None:
            return pl.Series([None] * len(series), dtype=pl.Int64), "time without zone"
        return series.dt.convert_time_zone("UTC").dt.epoch("ms"), "no time"
    if series.dtype == pl.String:
        return pl.Series([_moment(x) for x in series.to_list()], dtype=pl.Int64), "no time with zone"
    return series.cast(pl.Int64, strict=False), "no time"


def _moment(text: str | None) -> int | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return None if moment.tzinfo is None else round(moment.timestamp() * 1000)


def read_source(
    source: Source,
    number: int,
    frame: pl.DataFrame,
    width: int,
    rejects: Rejects,
    *,
    salt: bytes = b"",
    arrived: int = 0,
) -> Batch:
    """The good records of one source, in their order.

    Args:
        source: what they should look like.
        number: the source's position in the plan.
        frame: the records; ``offset`` defaults to the row number.
        width: columns of a batch.
        rejects: takes the others.
        salt: for tokens given as text.
        arrived: when the records came, UTC milliseconds; 0 for a replay, where the clock is not checked.
    """
    return _with_rows(source, number, frame, width, rejects, salt, arrived)[0]


def _with_rows(
    source: Source, number: int, frame: pl.DataFrame, width: int, rejects: Rejects, salt: bytes, arrived: int = 0
) -> tuple[Batch, NDArray[np.intp]]:
    n = len(frame)
    good = np.ones(n, dtype=bool)

    def refuse(bad: np.ndarray, column: str, reason: str) -> None:
        rows = np.flatnonzero(bad & good)
        if rows.size:
            said = (
                frame[column].gather(rows[:_SAMPLES]).to_list() if column in frame.columns else ["missing"] * rows.size
            )
            rejects.add(source.code, column, reason, rows, [str(v)[:60] for v in said])
            good[rows] = False

    if "time" not in frame.columns:
        refuse(np.ones(n, dtype=bool), "time", "no time")
        return Batch.of(source, number, {"time": np.zeros(0, dtype=np.int64)}, width), np.zeros(0, dtype=np.intp)
    time, reason = _times(frame["time"])
    refuse(time.is_null().to_numpy(), "time", reason)
    out = {"time": time.fill_null(0).to_numpy()}
    refuse(out["time"] < _EARLIEST, "time", "before the year 2000")
    if arrived:
        refuse(out["time"] > arrived + FUTURE, "time", "in the future")
    if "offset" in frame.columns:
        offset = frame["offset"].cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
        refuse(offset < 0, "offset", "not an offset")
        out["offset"] = offset
    for column in source.columns:
        if column.name not in frame.columns:
            if column.required:
                refuse(np.ones(n, dtype=bool), column.name, "missing")
            continue
        given = frame[column.name]
        numbers, reason = _numbers(column, given, salt)
        missing = given.is_null().to_numpy()
        refuse(numbers.is_null().to_numpy() & ~missing, column.name, reason)
        values = numbers.fill_null(0).to_numpy()
        low, high = column.limits
        refuse((values < low) | (values > high), column.name, f"outside {low} … {high}")
        if column.required:
            nothing = missing | (values == 0) if column.kind is Kind.TOKEN else missing
            refuse(nothing, column.name, "missing")
        out[column.name] = values
    rows = np.flatnonzero(good)
    return Batch.of(source, number, out, width).take(rows), rows


def read_frame(path: Path) -> pl.DataFrame:
    """A file of records, Parquet or CSV."""
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)


def read_folder(folder: Path, sources: Iterable[Source], width: int, rejects: Rejects, *, salt: bytes = b"") -> Batch:
    """All records of a data folder in the order in which they came; a source without a file is empty.

    A record came ``lag_ms`` (0 without this column) after its time, and never before the ones ahead of it in its log.
    """
    parts, arrivals = [], []
    for number, source in enumerate(sources):
        for path in (folder / f"{source.code}.parquet", folder / f"{source.code}.csv"):
            if path.exists():
                frame = read_frame(path).with_row_index("row")
                batch, rows = _with_rows(source, number, frame, width, rejects, salt)
                lag = (
                    frame["lag_ms"].cast(pl.Int64, strict=False).fill_null(0).to_numpy()
                    if "lag_ms" in frame.columns
                    else 0
                )
                arrival = batch.time + (lag[rows] if isinstance(lag, np.ndarray) else lag)
                order = np.argsort(batch.offset, kind="stable")
                parts.append(batch.take(order))
                arrivals.append(np.maximum.accumulate(arrival[order]))
                break
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Batch(empty, empty, empty, np.zeros((0, width), dtype=np.int64))
    whole = join(parts)
    return whole.take(np.lexsort((whole.offset, whole.source, np.concatenate(arrivals))))
