"""A run on disk: one Parquet file a source, the truth beside it, and how it was made."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.batch import Batch
from guangyue.engines.fraud.schema import Kind
from guangyue.engines.fraud.simulate.everyday import DAY_MS
from guangyue.engines.fraud.simulate.world import WIDTH, Case, Day, World
from guangyue.engines.fraud.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from guangyue.engines.fraud.schema import Source

__all__ = ["Recorded", "RunError", "write"]


class RunError(ValueError):
    """A folder is no run; ``code`` is stable."""

    code = "fraud.run"


def write(world: World, folder: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
    """Writes a run into a folder, in place of an earlier one, and returns how many records it has.

    ``<source>.parquet``: ``time`` (UTC), ``offset``, the source's columns (codes by name), ``lag_ms``.
    ``truth.parquet``: every story. ``people.parquet``: residents and towns. ``run.json``: seed, scripts, settings.
    """
    import polars as pl
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:  # of a run that was here before
        (folder / f"{source.code}.parquet").unlink(missing_ok=True)
    writers: dict[int, pq.ParquetWriter] = {}
    records = 0
    try:
        for day in world.days():
            records += len(day.batch)
            for number in np.unique(day.batch.source).tolist():
                rows = day.batch.source == number
                table = _frame(SOURCES[number], day.batch.take(np.flatnonzero(rows)), day.lag[rows]).to_arrow()
                if number not in writers:
                    writers[number] = pq.ParquetWriter(folder / f"{SOURCES[number].code}.parquet", table.schema)
                writers[number].write_table(table)
            progress(day.number + 1, world.settings.days)
    finally:
        for writer in writers.values():
            writer.close()
    truth = [asdict(c) | {"moved": json.dumps(c.moved)} for c in world.cases]
    pl.DataFrame(truth, infer_schema_length=None).write_parquet(folder / "truth.parquet")
    pl.DataFrame({"person": world.people.person, "town": world.people.town, "age": world.people.age}).write_parquet(
        folder / "people.parquet"
    )
    about = asdict(world.settings) | {
        "start": world.settings.start.isoformat(),
        "scripts": world.digest,
        "records": records,
    }
    (folder / "run.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return records


def _frame(source: Source, batch: Batch, lag: NDArray[np.int64]) -> Any:  # noqa: ANN401 - a polars frame
    import polars as pl

    columns: dict[str, Any] = {"time": pl.Series(batch.time).cast(pl.Datetime("ms", "UTC")), "offset": batch.offset}
    for k, column in enumerate(source.columns):
        values = np.ascontiguousarray(batch.values[:, k])
        columns[column.name] = np.array(column.choices)[values] if column.kind is Kind.CODE else values
    return pl.DataFrame(columns | {"lag_ms": lag})


class Recorded:
    """A run read back, or a city's own records in the same layout; days are read one at a time."""

    def __init__(self, folder: Path) -> None:
        """Opens a folder.

        Raises:
            RunError: when ``run.json``, ``truth.parquet`` or ``people.parquet`` is missing or unreadable.
        """
        import polars as pl

        try:
            self.about: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            truth = pl.read_parquet(folder / "truth.parquet").to_dicts()
            people = pl.read_parquet(folder / "people.parquet")
        except (OSError, json.JSONDecodeError, pl.exceptions.PolarsError) as error:
            raise RunError(f"{folder} holds no run: {error}") from error
        self.folder = folder
        self._person: NDArray[np.int64] = people["person"].to_numpy()
        self._town: NDArray[np.int64] = people["town"].to_numpy()
        self.epoch = round(datetime.fromisoformat(self.about["start"]).timestamp() * 1000)
        self._days = int(self.about["days"])
        self.digest = str(self.about["scripts"])
        self.cases = [Case(**(row | {"moved": tuple(tuple(m) for m in json.loads(row["moved"]))})) for row in truth]

    @property
    def person(self) -> NDArray[np.int64]:
        """The residents' tokens."""
        return self._person

    @property
    def town(self) -> NDArray[np.int64]:
        """The residents' towns."""
        return self._town

    @property
    def length(self) -> int:
        """How many days the run has."""
        return self._days

    def days(self) -> Iterator[Day]:
        """Every day in turn."""
        for number in range(self._days):
            yield self.day(number)

    def day(self, number: int) -> Day:
        """One day in the engine's order; stories are known from the truth only, so ``case`` is empty."""
        import polars as pl

        begin = self.epoch + number * DAY_MS
        parts, lags = [], []
        for position, source in enumerate(SOURCES):
            file = self.folder / f"{source.code}.parquet"
            if not file.exists():
                continue
            when = pl.col("time").dt.epoch("ms")
            frame = pl.scan_parquet(file).filter((when >= begin) & (when < begin + DAY_MS)).collect()
            columns = {"time": frame["time"].dt.epoch("ms").to_numpy(), "offset": frame["offset"].to_numpy()}
            for column in source.columns:
                columns[column.name] = _numbers(frame[column.name], column.choices)
            parts.append(Batch.of(source, position, columns, WIDTH))
            lags.append(frame["lag_ms"].to_numpy() if "lag_ms" in frame.columns else np.zeros(len(frame), np.int64))
        if not parts:
            raise RunError(f"{self.folder} holds no records of any source")
        joined = Batch(
            *(np.concatenate([getattr(p, name) for p in parts]) for name in ("source", "time", "offset", "values"))
        )
        order = np.lexsort((joined.offset, joined.source, joined.time))
        batch = joined.take(order)
        return Day(number, batch, np.zeros(len(batch), np.int64), np.concatenate(lags)[order])


def _numbers(values: Any, choices: tuple[str, ...]) -> NDArray[np.int64]:  # noqa: ANN401 - a polars series
    import polars as pl

    if not choices:
        found: NDArray[np.int64] = values.to_numpy()
        return found
    numbers: NDArray[np.int64] = values.replace_strict(
        list(choices), list(range(len(choices))), return_dtype=pl.Int64
    ).to_numpy()
    return numbers
