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

__all__ = ["Interval", "Judged", "alerts", "bootstrap", "judge", "paired", "threshold_for"]

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


def alerts(c: Candidates, score: NDArray[np.float64], threshold: float, begin: int, end: int) -> NDArray[np.int64]:
    """The candidates that raise an alert: the first at or above the threshold for each person and day."""
    at = np.flatnonzero((score >= threshold) & (c.time >= begin) & (c.time < end))
    at = at[np.lexsort((c.known[at], c.time[at] // BUCKET_MS, c.person[at]))]
    if not len(at):
        return at
    key = np.stack([c.person[at], c.time[at] // BUCKET_MS])
    first = np.concatenate(([True], (key[:, 1:] != key[:, :-1]).any(axis=0)))
    return at[first]


def threshold_for(c: Candidates, score: NDArray[np.float64], budget: float, begin: int, end: int) -> float:
    """The threshold under which this score would have raised ``budget`` alerts a day in a period."""
    at = np.flatnonzero((c.time >= begin) & (c.time < end))
    key = c.person[at] * 100_000 + c.time[at] // BUCKET_MS % 100_000
    order = np.lexsort((-score[at], key))
    key, ordered = key[order], score[at][order]
    best = np.sort(ordered[np.concatenate(([True], key[1:] != key[:-1]))])[::-1] if len(at) else np.empty(0)
    wanted = round(budget * (end - begin) / BUCKET_MS)
    if wanted >= len(best):
        return float(best[-1]) if len(best) else np.inf
    return float(np.nextafter(best[wanted], np.inf))


def judge(
    c: Candidates, score: NDArray[np.float64], threshold: float, cases: Sequence[Case], rows: NDArray[np.int64],
    begin: int, end: int,
) -> Judged:  # fmt: skip
    """Judges a score at a threshold over the period ``begin … end`` (UTC ms).

    Args:
        c: the candidates.
        score: float64[m].
        threshold: alerts at or above it.
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
