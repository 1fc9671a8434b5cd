"""Ruin and recreate under simulated annealing: the search that finds good routes fast.

Each step removes strings of neighbouring stays from a few routes near a random place (Christiaens & Vanden Berghe
2020, slack induction by string removals) and refills those routes from all visits not made, the most prize per
additional minute first, with random blinks. Only the opened routes can take anything, which makes a step cheap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from guangyue.engines.patrol.routing.compiled import compiled
from guangyue.engines.patrol.routing.problem import Bools, Floats, Ints
from guangyue.engines.patrol.routing.route import NO_PLACE, Given, Routes, cheapest, refresh, widest_gap

__all__ = ["REMOVED", "STRING", "Pool", "Worth", "anneal", "total"]

REMOVED = 8.0
"""Stays removed in a step, on average about half as many again; small steps win on routes of a dozen stops."""

STRING = 7
"""Longest string of stays removed from one route."""

STRAY = 0.1
"""How often a step opens one more route anywhere: a crew without stays is never near a string."""

BLINK = 0.6
"""How far chance may lower a visit's worth in the order of insertion."""


class Worth(NamedTuple):
    """What a visit is worth, and what a block still lacks.

    ``value`` is the prize plus, for a required visit, more than all prizes together. ``share`` counts towards the
    block's ``floor``; each unit below the floor costs the block's ``penalty``.
    """

    value: Floats
    share: Floats
    block: Ints
    floor: Floats
    penalty: Floats
    allowed: Bools
    near: Ints


class Pool(NamedTuple):
    """Distinct routes seen in good solutions: a hash table of their visits as sets, per class of crew.

    ``mark`` holds a random number per visit and, from its end, per class; the numbers of a route's visits, combined, are
    its ``key``; ``seen`` is the worth of the best solution the route was part of; ``slot`` is the table of the open
    addressing, with -1 where it is free.
    """

    visit: Ints
    length: Ints
    kind: Ints
    key: Ints
    seen: Floats
    slot: Ints
    mark: Ints
    used: Ints


@compiled
def shift(v: int, sign: int, w: Worth, got: Floats) -> float:
    """Count visit v in or out of its block; the change in worth, the block's floor included."""
    b = w.block[v]
    change = sign * w.value[v]
    if b >= 0 and w.floor[b] > 0:
        before = min(got[b], w.floor[b])
        got[b] += sign * w.share[v]
        change += w.penalty[b] * (min(got[b], w.floor[b]) - before)
    return float(change)


@compiled
def total(w: Worth, r: Routes) -> float:
    """The worth of all routes: values minus what the blocks lack."""
    got = np.zeros(max(len(w.floor), 1))
    worth = -(w.penalty * w.floor).sum()
    for k in range(len(r.length)):
        for i in range(r.length[k]):
            worth += shift(r.visit[k, i], 1, w, got)
    return float(worth)


@compiled
def keep(k: int, worth: float, kinds: Ints, r: Routes, pool: Pool) -> None:
    """Put the route of crew k into the pool unless a route of the same visits is there."""
    n = r.length[k]
    if n == 0:
        return
    key = pool.mark[len(pool.mark) - 1 - kinds[k]]
    for i in range(n):
        key ^= pool.mark[r.visit[k, i]]
    size = len(pool.slot)
    at = (key & 0x7FFFFFFFFFFFFFFF) % size
    while pool.slot[at] >= 0:
        j = pool.slot[at]
        if pool.key[j] == key:
            pool.seen[j] = max(pool.seen[j], worth)
            return
        at = (at + 1) % size
    j = pool.used[0]
    if j >= len(pool.length):
        return
    pool.slot[at] = j
    pool.key[j] = key
    pool.seen[j] = worth
    pool.kind[j] = kinds[k]
    pool.length[j] = n
    pool.visit[j, :n] = r.visit[k, :n]
    pool.used[0] = j + 1


@compiled
def ruin(g: Given, w: Worth, r: Routes, where: Ints, got: Floats, opened: Bools, saved: Routes) -> float:
    """Take strings of stays out of routes around a random visit; the change in worth."""
    change = 0.0
    routes = int(1 + np.random.random() * (4 * REMOVED / (1 + STRING) - 1))
    centre = np.random.randint(len(where))
    done = 0
    for q in range(w.near.shape[1]):
        c = w.near[centre, q]
        k = where[c]
        if k < 0 or opened[k]:
            continue
        saved.visit[k] = r.visit[k]
        saved.length[k] = r.length[k]
        opened[k] = True
        n = r.length[k]
        out = min(int(1 + np.random.random() * min(STRING, n)), n)
        at = 0
        while r.visit[k, at] != c:
            at += 1
        low = max(0, at - out + 1)
        first = low + np.random.randint(min(at, n - out) - low + 1)
        for i in range(first, first + out):
            where[r.visit[k, i]] = -1
            change += shift(r.visit[k, i], -1, w, got)
        for i in range(first + out, n):
            r.visit[k, i - out] = r.visit[k, i]
        r.length[k] = n - out
        refresh(k, g, r)
        done += 1
        if done >= routes:
            break
    if len(opened) > done and (done == 0 or np.random.random() < STRAY):
        k = np.random.randint(len(opened))
        if not opened[k]:
            saved.visit[k] = r.visit[k]
            saved.length[k] = r.length[k]
            opened[k] = True
    return change


@compiled
def recreate(g: Given, w: Worth, r: Routes, where: Ints, got: Floats, opened: Bools, gap: Ints) -> float:
    """Refill the opened routes, most worth per additional minute first; the change in worth."""
    n = len(where)
    change = 0.0
    power = 0.3 + 1.2 * np.random.random()
    shortest = g.service.min()
    value, share, block, floor = w.value, w.share, w.block, w.floor
    for k in range(len(opened)):
        gap[k] = widest_gap(k, g, r) if opened[k] else np.int64(-1)
    candidate = np.empty(n, np.int64)
    score = np.empty(n)
    m = 0
    for v in range(n):
        if where[v] < 0:
            cost, _, _ = cheapest(v, opened, gap, w.allowed, g, r)
            if cost < NO_PLACE:
                b = block[v]
                worth = value[v]
                if b >= 0 and got[b] < floor[b]:
                    worth += w.penalty[b] * min(share[v], floor[b] - got[b])
                candidate[m] = v
                score[m] = -worth * (1 - BLINK * np.random.random()) / (cost + g.service[v] + 1.0) ** power
                m += 1
    for j in np.argsort(score[:m]):
        v = candidate[j]
        cost, k, at = cheapest(v, opened, gap, w.allowed, g, r)
        if cost >= NO_PLACE:
            continue
        for i in range(r.length[k], at, -1):
            r.visit[k, i] = r.visit[k, i - 1]
        r.visit[k, at] = v
        r.length[k] += 1
        where[v] = k
        change += shift(v, 1, w, got)
        refresh(k, g, r)
        gap[k] = widest_gap(k, g, r)
        if gap.max() < shortest:
            break
    return change


@compiled
def put_back(g: Given, r: Routes, where: Ints, opened: Bools, saved: Routes) -> None:
    """Undo a step: the opened routes as they were saved."""
    for k in range(len(opened)):
        if opened[k]:
            for i in range(r.length[k]):
                where[r.visit[k, i]] = -1
    for k in range(len(opened)):
        if opened[k]:
            r.visit[k] = saved.visit[k]
            r.length[k] = saved.length[k]
            for i in range(r.length[k]):
                where[r.visit[k, i]] = k
            refresh(k, g, r)


@compiled
def anneal(
    g: Given, w: Worth, kinds: Ints, r: Routes, best: Routes, steps: int, warm: float, cold: float, band: float,
    seed: int, pool: Pool,
) -> float:  # fmt: skip
    """Improve ``r`` in place for a number of steps, cooling from ``warm`` to ``cold``; the best goes into ``best``.

    Opened routes of solutions within ``band`` of the best are kept in the pool.
    ``best`` holds the best solution so far and is only ever replaced by a better one. Returns its worth.
    """
    np.random.seed(seed)
    m = len(r.length)
    where = np.full(len(g.place), -1, np.int64)
    got = np.zeros(max(len(w.floor), 1))
    now = -(w.penalty * w.floor).sum()
    for k in range(m):
        refresh(k, g, r)
        for i in range(r.length[k]):
            where[r.visit[k, i]] = k
            now += shift(r.visit[k, i], 1, w, got)
    top = total(w, best)
    if now > top:
        top = now
        best.visit[:] = r.visit
        best.length[:] = r.length
    saved = Routes(r.visit.copy(), r.length.copy(), r.early, r.late, r.hop)
    kept = got.copy()
    opened = np.zeros(m, np.bool_)
    gap = np.zeros(m, np.int64)
    cooling = (cold / warm) ** (1.0 / max(steps, 1))
    heat = warm
    for step in range(steps):
        heat *= cooling
        kept[:] = got
        opened[:] = False
        change = 0.0
        if step == 0:
            opened[:] = True
            saved.visit[:] = r.visit
            saved.length[:] = r.length
        else:
            change = ruin(g, w, r, where, got, opened, saved)
        change += recreate(g, w, r, where, got, opened, gap)
        if change > heat * np.log(np.random.random()):
            now += change
            if now > top + 1e-9:
                top = now
                best.visit[:] = r.visit
                best.length[:] = r.length
            if now > top - band:
                for k in range(m):
                    if opened[k]:
                        keep(k, now, kinds, r, pool)
            continue
        got[:] = kept
        put_back(g, r, where, opened, saved)
    return float(top)
