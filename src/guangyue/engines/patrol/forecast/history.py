"""What happened where, on which day, in which slot: the counts every estimate is made from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from guangyue.engines.patrol.grid import Grid

__all__ = ["History"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(slots=True, kw_only=True)
class History:
    """n events on a grid, in the order of time.

    Estimates ask for the same origins again and again, so the views on the past are kept.

    Attributes:
        grid: the cells.
        day: n, days since 1970-01-01, ascending.
        cell: n, index into the grid.
        slot: n, index of the slot of the day.
        slots: number of slots in a day.
    """

    grid: Grid
    day: Ints
    cell: Ints
    slot: Ints
    slots: int
    _views: dict[tuple[str, int], Floats] = field(default_factory=dict, repr=False)
    _kernels: dict[float, sparse.csr_array] = field(default_factory=dict, repr=False)

    def between(self, first: int, end: int) -> slice:
        """The events on the days from ``first`` to before ``end``."""
        low, high = np.searchsorted(self.day, [first, end])
        return slice(int(low), int(high))

    def counts(self, first: int, end: int) -> Floats:
        """Events per cell on the days from ``first`` to before ``end``."""
        return np.bincount(self.cell[self.between(first, end)], minlength=len(self.grid)).astype(np.float64)

    def slot_counts(self, first: int, end: int) -> Floats:
        """Events per cell and slot on the days from ``first`` to before ``end``."""
        part = self.between(first, end)
        flat = np.bincount(self.cell[part] * self.slots + self.slot[part], minlength=len(self.grid) * self.slots)
        return flat.reshape(-1, self.slots).astype(np.float64)

    def fading(self, origin: int, half_life: float) -> Floats:
        """Events per cell before day ``origin``, each worth half as much for every half-life it is old."""
        key = (f"fading{half_life:g}", origin)
        if key not in self._views:
            part = self.between(-(1 << 40), origin)
            weight = 0.5 ** ((origin - 1 - self.day[part]) / half_life)
            self._views[key] = np.bincount(self.cell[part], weights=weight, minlength=len(self.grid)).astype(np.float64)
        return self._views[key]

    def spread(self, origin: int, half_life: float, metres: float) -> Floats:
        """The fading counts spread over each cell's neighbourhood by a Gaussian kernel."""
        key = (f"spread{half_life:g}/{metres:g}", origin)
        if key not in self._views:
            if metres not in self._kernels:
                self._kernels[metres] = self.grid.kernel(metres)
            self._views[key] = np.asarray(self._kernels[metres] @ self.fading(origin, half_life))
        return self._views[key]

    def daily(self, first: int, end: int) -> Floats:
        """Events per day in the whole city from ``first`` to before ``end``."""
        part = self.between(first, end)
        return np.bincount(self.day[part] - first, minlength=end - first).astype(np.float64)
