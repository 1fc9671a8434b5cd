"""The routing problem of one slot: which places the crews pass, within their shifts, for the most expected calls.

A team orienteering problem with time windows (团队定向问题): every *visit* has a prize that counts once, every *crew* a
place and time to start and to end. On top of the textbook: visits that must be made, crews that may not make a visit
(skills, 技能), a travel-time matrix per profile (a drone flies straight), and a floor of prize per block (责任块), so
that quiet blocks are not emptied for busy ones.

Times are integer milliseconds since the beginning of the slot's clock, so sums are exact and the search cannot drift.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError

__all__ = ["UNREACHABLE_MS", "Ints", "Problem", "Solution"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

UNREACHABLE_MS = 1_000_000_000
"""The travel time of a pair without a road: 11.5 days, beyond any shift."""


def _amounts(values: Floats) -> bool:
    return bool((values >= 0).all() and np.isfinite(values).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Visits, crews and blocks as arrays; n visits, m crews, p places, f profiles, b blocks.

    Attributes:
        travel: f × p × p milliseconds; pairs without a road hold at least :data:`UNREACHABLE_MS`.
        place: n, index of the visit's place.
        service: n, milliseconds the crew stays.
        opens: n, earliest begin of the stay.
        closes: n, latest begin of the stay.
        prize: n, expected calls (or any non-negative worth) gathered by the visit.
        required: n, visits that come before all others.
        block: n, index of the block, -1 for none.
        floor: b, prize to be gathered in each block before the rest counts fully.
        allowed: m × n, whether the crew may make the visit.
        profile: m, index of the crew's travel matrix.
        start: m, place where the crew begins.
        end: m, place where the crew ends.
        begins: m, when the crew is on the road.
        ends: m, when it must be back.
    """

    travel: npt.NDArray[np.int32]
    place: Ints
    service: Ints
    opens: Ints
    closes: Ints
    prize: Floats
    required: Bools
    block: Ints
    floor: Floats
    allowed: Bools
    profile: Ints
    start: Ints
    end: Ints
    begins: Ints
    ends: Ints

    def __post_init__(self) -> None:
        """Refuse shapes and values the search could not survive, all at once."""
        n, m = len(self.place), len(self.start)
        wrong = [
            name
            for name, size in (
                *((name, n) for name in ("service", "opens", "closes", "prize", "required", "block")),
                *((name, m) for name in ("profile", "end", "begins", "ends")),
            )
            if getattr(self, name).shape != (size,)
        ]
        if self.travel.shape != (*self.travel.shape[:1], *self.travel.shape[-1:] * 2):
            wrong.append("travel")
        if self.allowed.shape != (m, n):
            wrong.append("allowed")
        if wrong:
            sentence = f"Arrays of the routing problem have the wrong shape: {', '.join(wrong)}."
            raise PatrolError("patrol.routing.shape", sentence, arrays=wrong)
        places = self.travel.shape[1]
        faults = {
            "no crew": m == 0,
            "a travel time below zero": bool((self.travel < 0).any()),
            "a place outside the travel matrix": any(
                bool(((a < 0) | (a >= places)).any()) for a in (self.place, self.start, self.end)
            ),
            "a profile without a matrix": bool(((self.profile < 0) | (self.profile >= len(self.travel))).any()),
            "a prize that is negative or not a number": not _amounts(self.prize),
            "a stay of negative length": bool((self.service < 0).any()),
            "a window that closes before it opens": bool((self.closes < self.opens).any()),
            "a block without a floor entry": bool((self.block >= len(self.floor)).any()),
            "a floor that is negative or not a number": not _amounts(self.floor),
            "a shift that ends before it begins": bool((self.ends < self.begins).any()),
        }
        found = [text for text, bad in faults.items() if bad]
        if found:
            sentence = f"The routing problem cannot be solved as given: {'; '.join(found)}."
            raise PatrolError("patrol.routing.values", sentence, faults=found)

    @property
    def classes(self) -> Ints:
        """m: crews with the same number are interchangeable (same shift, places, profile and skills)."""
        keys: dict[tuple[object, ...], int] = {}
        out = np.empty(len(self.start), np.int64)
        for k in range(len(out)):
            key = (
                int(self.profile[k]), int(self.start[k]), int(self.end[k]), int(self.begins[k]), int(self.ends[k]),
                self.allowed[k].tobytes(),
            )  # fmt: skip
            out[k] = keys.setdefault(key, len(keys))
        return out

    @property
    def longest(self) -> int:
        """More visits than this cannot lie on one route: the width of the search's route table."""
        if not len(self.place):
            return 1
        hop = self.travel + np.where(np.eye(self.travel.shape[1], dtype=bool), np.int32(UNREACHABLE_MS), np.int32(0))
        step = int(self.service.min()) + (0 if self._shares_place() else int(hop.min()))
        span = int((self.ends - self.begins).max())
        return int(min(len(self.place), span // max(step, 1) + 1)) + 1

    def _shares_place(self) -> bool:
        return len(np.unique(self.place)) < len(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Routes and what they gather.

    Attributes:
        routes: one tuple of visit indices per crew, in order.
        prize: sum of the prizes of the visits made.
        iterations: ruin-and-recreate steps over all workers.
        seconds: wall time spent.
        history: (seconds, prize) at each improvement, for plots.
    """

    routes: tuple[tuple[int, ...], ...]
    prize: float
    iterations: int = 0
    seconds: float = 0.0
    history: tuple[tuple[float, float], ...] = field(default=())
