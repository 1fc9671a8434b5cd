"""How soon someone free is there: where every crew and post is at each moment, and how long from there to each cell.

The same reckoning serves the promise of a new plan and the score of a standing one on calls that came, so that the two
are never measured with different rulers. Crews and posts are engaged a share of the time (as in MEXCLP, Daskin 1983), so
the second and third nearest count too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["FAR_MS", "STEP_MS", "Beat", "Reach", "reach_of"]

Floats = npt.NDArray[np.float64]
STEP_MS = 300_000
"""Milliseconds between two looks at where the crews are."""
FAR_MS = 4 * 3_600_000.0
"""What counts as the answer when nobody is on duty or no way leads there."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What one crew or post does in the slot, as (place, arrival, departure) in milliseconds, in order.

    Attributes:
        begins: when it is on duty.
        ends: until when.
        stays: its stops, the last one where it comes home; between two it is on its way to the next.
    """

    begins: int
    ends: int
    stays: tuple[tuple[int, int, int], ...]

    @classmethod
    def post(cls, place: int, begins: int, ends: int) -> Beat:
        """A standing post."""
        return cls(begins, ends, ((place, begins, ends),))


@dataclass(frozen=True, slots=True)
class Reach:
    """Minutes until the nearest, second, third … crew or post is there.

    Attributes:
        order: moments × units × cells, ascending over units, minutes.
        free: the chance that the k-th nearest is the first one free; sums to one. Empty without units.
    """

    order: Floats
    free: Floats

    def near(self, minutes: float) -> Floats:
        """For each cell, the chance that whoever comes is there within so many minutes."""
        return np.asarray(np.einsum("tuc,u->tc", (self.order <= minutes).astype(float), self.free).mean(axis=0))

    def response(self) -> Floats:
        """For each cell, minutes until the first free one is there, on the average."""
        if not len(self.free):
            return np.full(self.order.shape[2], FAR_MS / 60_000)
        return np.asarray(np.einsum("tuc,u->tc", self.order, self.free).mean(axis=0))

    def quantile(self, weight: Floats, share: float) -> float:
        """Minutes within which a share of the calls is reached; ``weight`` is calls per cell."""
        if not len(self.free) or not weight.sum():
            return FAR_MS / 60_000
        mass = weight[np.newaxis, np.newaxis, :] * self.free[np.newaxis, :, np.newaxis] * np.ones_like(self.order)
        at = np.argsort(self.order, axis=None)
        total = np.cumsum(mass.ravel()[at])
        return float(self.order.ravel()[at][min(int(np.searchsorted(total, share * total[-1])), len(at) - 1)])


def reach_of(beats: tuple[Beat, ...], travel: npt.NDArray[np.int32], busy: float) -> Reach:
    """Look at the city every five minutes.

    Args:
        beats: crews and posts that can take a call.
        travel: places × cells, milliseconds; the beats' places are its rows.
        busy: share of the time each is engaged.
    """
    cells = travel.shape[1]
    if not beats:
        return Reach(np.zeros((1, 0, cells)), np.zeros(0))
    moments = np.arange(min(b.begins for b in beats), max(b.ends for b in beats) + 1, STEP_MS)
    times = np.full((len(moments), len(beats), cells), FAR_MS)
    for u, beat in enumerate(beats):
        for t, moment in enumerate(moments.tolist()):
            if not beat.begins <= moment <= beat.ends:
                continue
            place, arrival, _ = next((s for s in beat.stays if moment <= s[2]), beat.stays[-1])
            times[t, u] = np.minimum(max(0, arrival - moment) + travel[place].astype(float), FAR_MS)
    free = (1 - busy) * np.power(busy, np.arange(len(beats)))
    return Reach(np.sort(times, axis=1) / 60_000, np.asarray(free / free.sum(), np.float64))
