"""Alerts under a budget, and what they were worth: recall, precision, minutes, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from guangyue.engines.fraud.evaluate.collect import Candidates
    from guangyue.engines.fraud.simulate import Case

__all__ = ["Interval", "Judged", "alerts", "bootstrap", "judge", "paired", "thresholds"]

BUCKET_MS = 86_400_000
"""One alert a person and day, with a counter."""
_TAIL = 12 * 3_600_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % bootstrap interval and how many it was computed from."""

    value: float
    low: float
    high: float
    n: int

    def text(self, spec: str = ".3f") -> str:
        """``0.71 [0.63, 0.79]``."""
        return f"{self.value:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a score's alerts were worth.

    Attributes:
        alerts_a_day: over the judged days. days: int64[days], alerts on each.
        right: bool[alerts], the person was in the hands of a scammer. cases: the complete cases judged.
        before: bool[cases], alerted before the main money left. minutes: float64[cases], how long before; NaN if not.
        saved: float64[cases], share of the money that left after the alert.
    """

    alerts_a_day: float
    days: NDArray[np.int64]
    right: NDArray[np.bool_]
    cases: tuple[Case, ...]
    before: NDArray[np.bool_]
    minutes: NDArray[np.float64]
    saved: NDArray[np.float64]


def _days(c: Candidates, begin: int) -> NDArray[np.int64]:
    """The day of each candidate, counted from ``begin``; negative before."""
    day: NDArray[np.int64] = (c.time - begin) // BUCKET_MS
    return day


def thresholds(
    c: Candidates, score: NDArray[np.float64], budget: float, begin: int, end: int, back: int
) -> NDArray[np.float64]:
    """For each day of ``begin … end`` the threshold that would have kept the ``back`` days before it to the budget.

    Set anew every midnight from what came before, without any label: as a city keeps its budget while life changes.
    """
    day = _days(c, begin)
    number = (end - begin) // BUCKET_MS
    at = np.flatnonzero((day >= -back) & (day < number))
    at = at[np.lexsort((-score[at], c.person[at], day[at]))]
    first = np.ones(len(at), bool)
    first[1:] = (day[at][1:] != day[at][:-1]) | (c.person[at][1:] != c.person[at][:-1])
    at = at[first]
    best = {d: score[at[day[at] == d]] for d in range(-back, number)}
    found = np.full(number, np.inf)
    for d in range(number):
        past = np.sort(np.concatenate([best[k] for k in range(d - back, d)]))[::-1]
        wanted = round(budget * back)
        if len(past) > wanted:
            found[d] = np.nextafter(past[wanted], np.inf)
        elif len(past):
            found[d] = past[-1]
    return found


def alerts(
    c: Candidates, score: NDArray[np.float64], threshold: NDArray[np.float64], begin: int, end: int
) -> NDArray[np.int64]:
    """The candidates that raise an alert: the first at or above its day's threshold for each person and day."""
    day = _days(c, begin)
    at = np.flatnonzero((c.time >= begin) & (c.time < end))
    at = at[score[at] >= threshold[day[at]]]
    at = at[np.lexsort((c.known[at], day[at], c.person[at]))]
    first = np.ones(len(at), bool)
    first[1:] = (day[at][1:] != day[at][:-1]) | (c.person[at][1:] != c.person[at][:-1])
    return at[first]


def judge(
    c: Candidates, score: NDArray[np.float64], threshold: NDArray[np.float64], cases: Sequence[Case], rows: NDArray[np.int64],
    begin: int, end: int,
) -> Judged:  # fmt: skip
    """Judges a score at its daily thresholds over the period ``begin … end`` (UTC ms).

    Args:
        c: the candidates.
        score: float64[m].
        threshold: of each day, from :func:`thresholds`.
        cases: every scam of the run.
        rows: the resident of each case.
        begin: start.
        end: end; complete cases count whose main money left within.
    """
    raised = alerts(c, score, threshold, begin, end)
    right = np.zeros(len(raised), bool)
    by_person: dict[int, list[int]] = {}
    for k, a in enumerate(raised):
        by_person.setdefault(int(c.person[a]), []).append(k)
    judged, before, minutes, saved = [], [], [], []
    for case, who in zip(cases, rows, strict=True):
        mine = by_person.get(int(who), [])
        last = case.leaves_at if case.complete else case.contact_at + 2 * _TAIL
        for k in mine:
            right[k] |= bool(case.contact_at <= c.time[raised[k]] <= last)
        if not case.complete or not begin <= case.leaves_at < end:
            continue
        known = [int(c.known[raised[k]]) for k in mine if c.time[raised[k]] >= case.contact_at]
        first = min(known, default=np.iinfo(np.int64).max)
        judged.append(case)
        before.append(first < case.leaves_at)
        minutes.append((case.leaves_at - first) / 60_000 if before[-1] else np.nan)
        saved.append(sum(m for t, m in case.moved if t > first) / max(1, case.loss))
    number = (end - begin) // BUCKET_MS
    days = np.bincount((c.time[raised] - begin) // BUCKET_MS, minlength=number).astype(np.int64)
    return Judged(
        len(raised) / number, days, right, tuple(judged), np.array(before, bool), np.array(minutes, float),
        np.array(saved, float),
    )  # fmt: skip


def bootstrap(values: NDArray[np.float64], *, statistic: str = "mean", draws: int = 4_000, seed: int = 0) -> Interval:
    """A mean or median with its 95 % bootstrap interval; NaN for no values."""
    n = len(values)
    if not n:
        return Interval(np.nan, np.nan, np.nan, 0)
    measure = np.median if statistic == "median" else np.mean
    rng = np.random.default_rng(seed)
    drawn = measure(values[rng.integers(0, n, (draws, n))], axis=1)
    return Interval(float(measure(values)), float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975)), n)


def paired(ours: NDArray[np.bool_], theirs: NDArray[np.bool_], **options: int) -> Interval:
    """The gain in recall over the same cases, with its interval."""
    return bootstrap(ours.astype(float) - theirs.astype(float), **options)  # type: ignore[arg-type]
