"""Where standing posts (平安前哨) cover the most expected calls: exact, with HiGHS.

``cover``: maximal covering location (MCLP, Church & ReVelle 1974), each call counts once within reach of a post.
``expected_cover``: MEXCLP (Daskin 1983), posts are busy a share of the time, so a second and third within reach still
help. ``greedy`` is what others do; it is kept as the yardstick and as the fallback when time runs out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse  # type: ignore[import-untyped]

from guangyue.engines.patrol.errors import PatrolError

__all__ = ["Siting", "cover", "expected_cover", "greedy", "worth"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Siting:
    """Chosen sites, ascending (a site with two posts stands twice), what they cover, and whether that is proved best."""

    sites: tuple[int, ...]
    covered: float
    optimal: bool


def worth(within: Bools, demand: Floats, sites: tuple[int, ...], busy: float = 0.0) -> float:
    """Demand expected to find a free post within reach; ``busy`` is the share of time a post is engaged."""
    reaching = within[list(sites)].sum(axis=0) if sites else np.zeros(len(demand))
    return float(demand @ (1 - np.power(busy, reaching) if busy else (reaching > 0).astype(float)))


def cover(within: Bools, demand: Floats, posts: int, *, fixed: tuple[int, ...] = (), seconds: float = 10.0) -> Siting:
    """At most one post a site, so that the demand within reach of any is largest.

    Args:
        within: sites × places, whether a post there reaches the place in time.
        demand: expected calls per place.
        posts: number of posts, those in ``fixed`` included.
        fixed: sites that have a post in any case.
        seconds: limit; beyond it the best found so far, marked as not proved.

    Raises:
        PatrolError: when there are more posts than sites, or shapes do not fit.
    """
    sites, _ = _checked(within, demand, posts, fixed, several=False)
    relevant = np.flatnonzero((demand > 0) & within.any(axis=0))
    # Variables: a post at each site, then each place covered or not (continuous: it follows from the posts).
    rows = sparse.hstack([
        -sparse.csr_array(within[:, relevant].T.astype(float)), sparse.eye_array(len(relevant))
    ], format="csr")  # fmt: skip
    lower = np.zeros(sites + len(relevant))
    lower[list(fixed)] = 1.0
    count = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(len(relevant))])[np.newaxis, :])
    return _solved(
        -np.concatenate([np.zeros(sites), demand[relevant]]),
        [optimize.LinearConstraint(rows, ub=0.0), optimize.LinearConstraint(count, posts, posts)],
        np.concatenate([np.ones(sites), np.zeros(len(relevant))]), lower, np.ones(sites + len(relevant)), sites, seconds,
        within, demand, posts, fixed, 0.0,
    )  # fmt: skip


def expected_cover(
    within: Bools, demand: Floats, posts: int, busy: float, *, fixed: tuple[int, ...] = (), seconds: float = 10.0
) -> Siting:
    """Posts that are engaged ``busy`` of the time; several may share a site. Arguments and errors as :func:`cover`."""
    if not 0 < busy < 1:
        sentence = f"A post must be busy some and not all of the time: {busy} is not between 0 and 1."
        raise PatrolError("patrol.outposts.busy", sentence, busy=busy)
    sites, _ = _checked(within, demand, posts, fixed, several=True)
    relevant = np.flatnonzero((demand > 0) & within.any(axis=0))
    n = len(relevant)
    # y[j, k] = 1 when at least k posts reach place j; the gains fall with k, so they fill in order by themselves.
    gain = np.concatenate([demand[relevant] * (1 - busy) * busy**k for k in range(posts)])
    rows = sparse.hstack([
        -sparse.csr_array(within[:, relevant].T.astype(float)), *([sparse.eye_array(n)] * posts)
    ], format="csr")  # fmt: skip
    lower = np.concatenate([np.bincount(np.array(fixed, np.int64), minlength=sites).astype(float), np.zeros(n * posts)])
    upper = np.concatenate([np.full(sites, float(posts)), np.ones(n * posts)])
    count = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(n * posts)])[np.newaxis, :])
    return _solved(
        -np.concatenate([np.zeros(sites), gain]),
        [optimize.LinearConstraint(rows, ub=0.0), optimize.LinearConstraint(count, posts, posts)],
        np.concatenate([np.ones(sites), np.zeros(n * posts)]), lower, upper, sites, seconds,
        within, demand, posts, fixed, busy,
    )  # fmt: skip


def greedy(within: Bools, demand: Floats, posts: int, busy: float = 0.0, *, fixed: tuple[int, ...] = ()) -> Siting:
    """One post after the other where it adds most."""
    _checked(within, demand, posts, fixed, several=True)
    chosen = list(fixed)
    missed = demand * np.power(busy, within[chosen].sum(axis=0)) if chosen else demand.astype(float)
    while len(chosen) < posts:
        gain = within @ missed
        if not busy:
            gain[chosen] = -1.0
        best = int(np.argmax(gain))
        chosen.append(best)
        missed = np.where(within[best], missed * busy, missed)
    sites = tuple(sorted(chosen))
    return Siting(sites, worth(within, demand, sites, busy), optimal=False)


def _checked(within: Bools, demand: Floats, posts: int, fixed: tuple[int, ...], *, several: bool) -> tuple[int, int]:
    sites, places = within.shape
    if demand.shape != (places,) or not np.isfinite(demand).all() or (demand < 0).any():
        sentence = "Every place needs an expected number of calls that is not negative."
        raise PatrolError("patrol.outposts.demand", sentence)
    if not len(fixed) <= posts or (not several and posts > sites) or not sites or posts < 1:
        sentence = f"{posts} posts ({len(fixed)} of them given) cannot be placed on {sites} sites."
        raise PatrolError("patrol.outposts.number", sentence, posts=posts, sites=sites, fixed=len(fixed))
    if any(not 0 <= site < sites for site in fixed):
        raise PatrolError("patrol.outposts.fixed", "A given post stands on a site that is not in the list.")
    return sites, places


def _solved(
    cost: Floats, constraints: list[object], whole: Floats, lower: Floats, upper: Floats, sites: int, seconds: float,
    within: Bools, demand: Floats, posts: int, fixed: tuple[int, ...], busy: float,
) -> Siting:  # fmt: skip
    answer = optimize.milp(
        cost, constraints=constraints, integrality=whole, bounds=optimize.Bounds(lower, upper),
        options={"time_limit": seconds},
    )  # fmt: skip
    rough = greedy(within, demand, posts, busy, fixed=fixed)
    if answer.x is None:
        return rough
    number = np.rint(answer.x[:sites]).astype(int)
    chosen = tuple(int(s) for s in np.repeat(np.arange(sites), number))
    found = Siting(chosen, worth(within, demand, chosen, busy), optimal=bool(answer.status == 0))
    return found if found.optimal or found.covered >= rough.covered else rough
