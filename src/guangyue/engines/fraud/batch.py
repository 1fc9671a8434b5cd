"""A batch of events as arrays, and what the engine answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from guangyue.engines.fraud.schema import Source

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Batch", "Corrections", "Result", "in_order", "join"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events in the order of their arrival.

    Attributes:
        source: int64[n], position of each event's source.
        time: int64[n], UTC milliseconds since 1970.
        offset: int64[n], place in the log of its source; never decreases within a source.
        values: int64[n, columns]; row i holds the columns of its source in their declared order, then zeros.
    """

    source: Ints
    time: Ints
    offset: Ints
    values: Ints

    def __len__(self) -> int:
        return int(self.time.size)

    def take(self, rows: slice | NDArray[np.intp]) -> Batch:
        """A part of the batch."""
        parts = (self.source[rows], self.time[rows], self.offset[rows], self.values[rows])
        return Batch(*(np.ascontiguousarray(part) for part in parts))

    @classmethod
    def of(cls, source: Source, number: int, columns: Mapping[str, Ints], width: int) -> Batch:
        """Events of one source from its columns (``time`` and ``offset`` among them)."""
        time = np.asarray(columns["time"], dtype=np.int64)
        values = np.zeros((time.size, width), dtype=np.int64)
        for k, name in enumerate(source.names):
            if name in columns:
                values[:, k] = columns[name]
        offset = np.asarray(columns.get("offset", np.arange(time.size)), dtype=np.int64)
        return cls(np.full(time.size, number, dtype=np.int64), time, offset, values)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Values of earlier events that a late event changed; the last correction of an event is right.

    Attributes:
        time: int64[m]. source: int64[m]. offset: int64[m]: which event.
        slot: int64[m], whose values, as a position in ``SLOTS``.
        values: float64[m, widest entity], the entity's features in catalogue order, then NaN.
    """

    time: Ints
    source: Ints
    offset: Ints
    slot: Ints
    values: Floats

    def __len__(self) -> int:
        return int(self.time.size)


@dataclass(frozen=True, slots=True)
class Result:
    """The engine's answer to a batch.

    Attributes:
        values: float64[n, names], the vector of every event; NaN where a slot is empty or the event was not taken.
        status: int64[n], 0 taken, 1 late, 2 seen before.
        corrections: what became of earlier events.
    """

    values: Floats
    status: NDArray[np.int64]
    corrections: Corrections


def join(batches: Iterable[Batch]) -> Batch:
    """One batch after another."""
    listed = tuple(batches)
    return Batch(
        np.concatenate([b.source for b in listed]),
        np.concatenate([b.time for b in listed]),
        np.concatenate([b.offset for b in listed]),
        np.concatenate([b.values for b in listed]),
    )


def in_order(batch: Batch) -> Batch:
    """The batch in the total order: time, source, offset."""
    return batch.take(np.lexsort((batch.offset, batch.source, batch.time)))
