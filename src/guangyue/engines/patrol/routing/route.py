"""One route under time windows: when each stay begins, how late it may begin, where another visit fits cheapest.

``early[k, i]`` is the earliest begin of the i-th stay of crew k, ``late[k, i]`` the latest that still lets everything
behind it happen in time. With both, testing an insertion costs a constant (Savelsbergh 1992, forward time slack).
"""

# Compiled code wants plain arrays and loops; the shapes are those of guangyue.engines.patrol.routing.problem.Problem.
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.routing.compiled import compiled
from guangyue.engines.patrol.routing.problem import Bools, Ints

__all__ = ["NO_PLACE", "Given", "Routes", "cheapest", "end_of", "refresh", "widest_gap"]

NO_PLACE = 1 << 60
"""The cost of an insertion that is not possible."""


class Given(NamedTuple):
    """The problem's arrays in the order compiled code reads them; ``back`` is ``travel`` transposed."""

    travel: npt.NDArray[np.int32]
    back: npt.NDArray[np.int32]
    place: Ints
    service: Ints
    opens: Ints
    closes: Ints
    profile: Ints
    start: Ints
    end: Ints
    begins: Ints
    ends: Ints


class Routes(NamedTuple):
    """All crews' routes and their times; ``hop[k, i]`` is the way to the i-th stay, the last one the way to the end."""

    visit: Ints
    length: Ints
    early: Ints
    late: Ints
    hop: Ints


@compiled
def refresh(k: int, g: Given, r: Routes) -> None:
    """Recompute the times of crew k after its route changed."""
    n = r.length[k]
    travel = g.travel[g.profile[k]]
    t = g.begins[k]
    a = g.start[k]
    for i in range(n):
        v = r.visit[k, i]
        b = g.place[v]
        r.hop[k, i] = travel[a, b]
        t = max(t + travel[a, b], g.opens[v])
        r.early[k, i] = t
        t += g.service[v]
        a = b
    b = g.end[k]
    r.hop[k, n] = travel[a, b]
    t = g.ends[k]
    for i in range(n - 1, -1, -1):
        v = r.visit[k, i]
        t = min(t - r.hop[k, i + 1] - g.service[v], g.closes[v])
        r.late[k, i] = t


@compiled
def end_of(k: int, g: Given, r: Routes) -> int:
    """When crew k is back."""
    n = r.length[k]
    if n == 0:
        return int(g.begins[k] + r.hop[k, 0])
    return int(r.early[k, n - 1] + g.service[r.visit[k, n - 1]] + r.hop[k, n])


@compiled
def widest_gap(k: int, g: Given, r: Routes) -> int:
    """No stay longer than this fits into the route of crew k any more."""
    n = r.length[k]
    gap = g.ends[k] - end_of(k, g, r)
    for i in range(n):
        gap = max(gap, r.late[k, i] - r.early[k, i])
        # A stay that fits into time the crew waits anyway delays nobody.
        free = g.begins[k] if i == 0 else r.early[k, i - 1] + g.service[r.visit[k, i - 1]]
        gap = max(gap, r.late[k, i] - free)
    return int(gap)


@compiled
def cheapest(v: int, opened: Bools, gap: Ints, allowed: Bools, g: Given, r: Routes) -> tuple[int, int, int]:
    """Where visit v costs the least way and waiting among the opened routes: (cost, crew, position).

    A route whose ``gap`` is shorter than the stay is not tried. The loops over crews and positions stand in one body
    because handing the tables from function to function would cost more than the work.
    """
    travel, back, place, leave_after = g.travel, g.back, g.place, g.service
    visit, early, late, hop = r.visit, r.early, r.late, r.hop
    p = place[v]
    opens = g.opens[v]
    closes = g.closes[v]
    service = g.service[v]
    width = visit.shape[1]
    best = NO_PLACE
    crew = -1
    where = -1
    for k in range(len(opened)):
        if not opened[k] or gap[k] < service or not allowed[k, v]:
            continue
        n = r.length[k]
        if n >= width:
            continue
        f = g.profile[k]
        leave = g.begins[k]
        a = g.start[k]
        for i in range(n + 1):
            w = 0
            if i == n:
                b = g.end[k]
                limit = g.ends[k]
            else:
                w = visit[k, i]
                b = place[w]
                limit = late[k, i]
            into = np.int64(back[f, p, a])
            out = np.int64(travel[f, p, b])
            cost = into + out - hop[k, i]
            if cost < best:
                begin = leave + into
                if begin < opens:
                    cost += opens - begin
                    begin = opens
                if begin <= closes and cost < best and begin + service + out <= limit:
                    best = cost
                    crew = k
                    where = i
            if i < n:
                leave = early[k, i] + leave_after[w]
                a = b
    return best, crew, where
