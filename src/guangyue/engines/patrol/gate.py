"""Is a changed plan worth changing for? Proposed only when weeks it has not seen say so (潮汐布警的闸门).

On real cities, chasing last month's map or a separate map per slot lost against one standing map (``docs/engines``).
So a candidate is held against the standing plan on the weeks before now, each planned from what was known before that
week; the change is proposed when the gain is larger than chance makes it. Otherwise the answer is "keep", with figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.scores import bootstrap

__all__ = ["Verdict", "judge", "on_held_out"]

Plan = TypeVar("Plan")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says and why.

    Attributes:
        answer: "propose" or "keep".
        gain: mean over the weeks of candidate minus standing, in the score's own unit (share of calls covered).
        low: lower end of the gain's interval.
        high: upper end.
        weeks: number of weeks compared.
        standing: mean score of the standing plan.
        candidate: mean score of the candidate.
        reasons: one sentence in Chinese and English.
    """

    answer: Literal["propose", "keep"]
    gain: float
    low: float
    high: float
    weeks: int
    standing: float
    candidate: float
    reasons: dict[str, str]


def judge(
    standing: npt.NDArray[np.float64], candidate: npt.NDArray[np.float64], *, least_gain: float = 0.005,
    least_weeks: int = 6, coverage: float = 0.9,
) -> Verdict:  # fmt: skip
    """Compare scores of the same held-out weeks.

    Args:
        standing: one score per week of the plan in force; higher is better.
        candidate: of the plan that would replace it.
        least_gain: a smaller mean gain is not worth the crews' relearning.
        least_weeks: with fewer weeks the answer is always "keep".
        coverage: of the interval whose lower end must be above zero.

    Raises:
        PatrolError: when the two do not cover the same weeks.
    """
    if standing.shape != candidate.shape or standing.ndim != 1:
        sentence = (
            f"The plans were scored on {standing.shape} and {candidate.shape} weeks; a comparison needs the same."
        )
        raise PatrolError("patrol.gate.weeks", sentence)
    if len(standing) < least_weeks:
        means = (float(standing.mean()), float(candidate.mean())) if len(standing) else (0.0, 0.0)
        reasons = {
            "zh": f"只有{len(standing)}个留出周；至少要{least_weeks}个才能把提升与偶然区分开。",
            "en": f"Only {len(standing)} held-out weeks; {least_weeks} are needed to tell a gain from chance.",
        }
        return Verdict("keep", means[1] - means[0], -np.inf, np.inf, len(standing), *means, reasons)
    gain, low, high = bootstrap(candidate - standing, coverage=coverage)
    good = low > 0 and gain >= least_gain
    span, weeks = f"{low:+.1%} … {high:+.1%}", len(standing)
    if good:
        zh = f"在{weeks}个留出周上提高{gain:.1%}（{span}）。"
        en = f"Better by {gain:.1%} on {weeks} held-out weeks ({span})."
    elif low > 0:
        zh = f"提高{gain:.2%}，不到值得改动的{least_gain:.1%}。"
        en = f"Better by {gain:.2%}, less than the {least_gain:.1%} that is worth a change."
    else:
        zh = f"提升{gain:+.1%}（{span}）无法与偶然区分。"
        en = f"The gain of {gain:+.1%} ({span}) is not told apart from chance."
    return Verdict(
        "propose" if good else "keep",
        gain,
        low,
        high,
        len(standing),
        float(standing.mean()),
        float(candidate.mean()),
        {"zh": zh, "en": en},
    )


def on_held_out(
    origins: Sequence[int],
    standing: Plan,
    replan: Callable[[int], Plan],
    score: Callable[[Plan, int], float],
    **limits: float,
) -> Verdict:
    """Judge the habit that made a candidate: what would it have planned before each week, and how did that do?

    Args:
        origins: first days of the held-out weeks.
        standing: the plan in force; it must have been made before the first of these weeks.
        replan: the candidate's way of planning, given only a first day: it must not look at that day or later.
        score: of a plan over the week that begins on the day.
        limits: see :func:`judge`.
    """
    before = np.array([score(standing, day) for day in origins])
    after = np.array([score(replan(day), day) for day in origins])
    return judge(before, after, **limits)  # type: ignore[arg-type]
