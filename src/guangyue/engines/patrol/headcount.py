"""How many crews each slot needs, decided apart from where they go: calls come in tides, streets do not move.

Erlang's delay formula gives the chance that a caller waits for a free crew. A crew more helps less and less, so giving
each next crew to the slot where it shortens most is exact.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError

__all__ = ["HeadCount", "head_count", "waiting"]


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Crews per slot, the chance that a call waits there, and the share of the crews' time that calls take."""

    crews: tuple[int, ...]
    waiting: tuple[float, ...]
    busy: tuple[float, ...]


def waiting(load: float, crews: int) -> float:
    """Erlang C: the chance that all crews are engaged; ``load`` is calls per hour × hours per call. 1 when overloaded."""
    if load <= 0:
        return 0.0
    if crews <= load:
        return 1.0
    blocked = 1.0
    for k in range(1, crews + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked / (1 - load / crews * (1 - blocked))


def head_count(
    calls_per_hour: npt.NDArray[np.float64], hours: npt.NDArray[np.float64], *, hours_per_call: float, crew_hours: float,
    least: int = 1,
) -> HeadCount:  # fmt: skip
    """Share crew-hours over the slots so that the fewest callers wait.

    Args:
        calls_per_hour: per slot.
        hours: length of each slot.
        hours_per_call: from dispatch to free again.
        crew_hours: what may be spent in total.
        least: crews in every slot in any case.

    Raises:
        PatrolError: when the crew-hours do not suffice for the least, or a figure is impossible.
    """
    if (calls_per_hour < 0).any() or not np.isfinite(calls_per_hour).all() or (hours <= 0).any() or hours_per_call <= 0:
        raise PatrolError("patrol.headcount.values", "Calls, slot lengths and time per call must be possible figures.")
    if least * hours.sum() > crew_hours:
        sentence = (
            f"{crew_hours:g} crew-hours cannot give every slot {least} crews: {least * hours.sum():g} are needed."
        )
        raise PatrolError("patrol.headcount.few", sentence, crew_hours=crew_hours, needed=float(least * hours.sum()))
    load = calls_per_hour * hours_per_call
    crews = [least] * len(load)
    left = crew_hours - least * float(hours.sum())

    def gain(s: int) -> float:
        """Callers spared the wait per crew-hour; while a slot is overloaded, the share of its load carried at last."""
        now, then = _unserved(float(load[s]), crews[s]), _unserved(float(load[s]), crews[s] + 1)
        return float(calls_per_hour[s] * (now - then))

    queue = [(-gain(s), s) for s in range(len(load))]
    heapq.heapify(queue)
    while queue:
        value, s = heapq.heappop(queue)
        if value >= 0 or hours[s] > left:
            continue
        crews[s] += 1
        left -= float(hours[s])
        heapq.heappush(queue, (-gain(s), s))
    return HeadCount(
        tuple(crews), tuple(waiting(float(a), c) for a, c in zip(load, crews, strict=True)),
        tuple(min(1.0, float(a) / c) for a, c in zip(load, crews, strict=True)),
    )  # fmt: skip


def _unserved(load: float, crews: int) -> float:
    """Falls with every crew, also below the load, where Erlang's chance stays at one."""
    return waiting(load, crews) + max(0.0, load - crews) + (1.0 if crews <= load else 0.0)
