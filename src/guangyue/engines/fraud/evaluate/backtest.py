"""The back-test: a city's months, cut so that every case is judged by something that has never seen its like.

The days of a run are cut into *quiet* (windows fill up), *train*, *check* (from here on thresholds follow the budget), *test*.
Towns and kinds of scams are each dealt into five groups. A case of kind group ``j`` in a town of group ``i`` is judged
in the test days by model ``(i, j)``, which was trained without the towns of ``i`` and without the kinds of ``j``: the
month, the town and the kind of scam are all new to it. Three scores are judged on the same cases under the same budget
of alerts a day: the rules alone, the model alone, and both together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.evaluate.collect import DAY_MS, Candidates, Collected, Run, collect, person_rows
from guangyue.engines.fraud.evaluate.measure import Interval, Judged, bootstrap, judge, paired, thresholds
from guangyue.engines.fraud.model.score import together
from guangyue.engines.fraud.model.train import TrainSettings, train
from guangyue.engines.fraud.sources import SCAM_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from guangyue.engines.fraud.model.scam import ScamModel
    from guangyue.engines.fraud.rules.match import RuleSet
    from guangyue.engines.fraud.simulate import Case

__all__ = ["GROUPS", "SYSTEMS", "Backtest", "Curve", "Outcome", "Split", "backtest"]

GROUPS = 5
SYSTEMS: tuple[str, ...] = ("whole", "rules", "model")
_BUDGETS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
_JITTER = 1e-3


@dataclass(frozen=True, slots=True)
class Split:
    """Days of each part, in order."""

    quiet: int
    train: int
    check: int
    test: int

    @classmethod
    def of(cls, days: int) -> Split:
        """A sensible cut of a run.

        Raises:
            ValueError: when there are fewer than 20 days.
        """
        if days < 20:  # noqa: PLR2004 - said in the sentence
            raise ValueError(f"a back-test needs at least 20 days, the run has {days}")
        quiet, check, test = max(3, days // 5), max(4, days // 12), max(5, days * 3 // 10)
        return cls(quiet, days - quiet - check - test, check, test)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case under one score."""

    case: Case
    before: bool
    minutes: float
    saved: float


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Recall and precision of one score under growing budgets."""

    budget: NDArray[np.float64]
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """The results.

    Attributes:
        budget: alerts a day. split: the days. residents, events, cases: what was judged. share: of fraud records.
        outcomes: for each score, every case of the test days. precision: for each score, alerts on somebody in a
            scammer's hands over all alerts. alerts_a_day: what really came. daily: alerts on each test day.
        curves: for each score. gains: the whole's gain in recall over rules and model, paired by case.
    """

    budget: float
    split: Split
    residents: int
    events: int
    cases: int
    outcomes: dict[str, tuple[Outcome, ...]]
    precision: dict[str, Interval]
    alerts_a_day: dict[str, float]
    daily: dict[str, NDArray[np.float64]]
    curves: dict[str, Curve]
    gains: dict[str, Interval]

    def recall(self, system: str, kind: str = "") -> Interval:
        """Recall before the main money leaves, of all cases or of one kind."""
        chosen = [o.before for o in self.outcomes[system] if not kind or o.case.script == kind]
        return bootstrap(np.array(chosen, float))

    def saved(self, system: str) -> Interval:
        """The share of all money that left only after the alert, by case."""
        return bootstrap(np.array([o.saved for o in self.outcomes[system]], float))

    def minutes(self, system: str, kind: str = "") -> Interval:
        """The median of the minutes between alert and main money, of the cases alerted in time."""
        chosen = [o.minutes for o in self.outcomes[system] if o.before and (not kind or o.case.script == kind)]
        return bootstrap(np.array(chosen, float), statistic="median")

    def as_json(self) -> dict[str, Any]:
        """Everything as plain data."""
        systems = {
            s: {
                "recall": _plain(self.recall(s)), "precision": _plain(self.precision[s]), "saved": _plain(self.saved(s)),
                "minutes": _plain(self.minutes(s)), "alerts_a_day": self.alerts_a_day[s],
                "kinds": {
                    k: {"recall": _plain(self.recall(s, k)), "minutes": _plain(self.minutes(s, k))}
                    for k in SCAM_TYPES[:10] if any(o.case.script == k for o in self.outcomes[s])
                },
            }
            for s in SYSTEMS
        }  # fmt: skip
        return {
            "budget": self.budget, "residents": self.residents, "events": self.events, "cases": self.cases,
            "days": {k: getattr(self.split, k) for k in self.split.__slots__}, "systems": systems,
            "gains": {k: _plain(g) for k, g in self.gains.items()},
        }  # fmt: skip


def backtest(
    run: Run, rules: RuleSet, split: Split, *, budget: float, settings: TrainSettings | None = None, seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Backtest:  # fmt: skip
    """Runs the back-test.

    Args:
        run: records and truth.
        rules: compiled.
        split: how the days are cut.
        budget: alerts a day for all residents.
        settings: of training.
        seed: of the sample.
        progress: told what is going on.

    Raises:
        ValueError: when no case's main money leaves within the test days.
    """
    kinds = SCAM_TYPES[:10]
    settings = settings or TrainSettings()

    def grid(collected: Collected) -> list[list[ScamModel]]:
        models = []
        for i in range(GROUPS):
            line = []
            for j in range(GROUPS):
                unseen = (collected.kind >= 0) & (collected.kind % GROUPS == j)
                keep = (collected.town % GROUPS != i) & ~unseen
                line.append(train(collected.table.take(keep), replace(settings, seed=settings.seed + 10 * i + j)))
                progress(f"model {GROUPS * i + j + 1}/{GROUPS * GROUPS}")
            models.append(line)
        return models

    train_to = split.quiet + split.train
    last = train_to + split.check + split.test
    _, candidates, counts = collect(
        run, rules, kinds, train_from=split.quiet, train_to=train_to, to=last, models=grid, seed=seed, progress=progress
    )
    scores = _scores(candidates)
    scams = [c for c in run.cases if c.scam]
    rows = person_rows(run)(np.array([c.person for c in scams], np.int64))
    test = run.epoch + (train_to + split.check) * DAY_MS
    end = run.epoch + last * DAY_MS
    frame = _Frame(candidates, scams, rows, split.check, test, end)
    outcomes, precision, rate, daily, curves = {}, {}, {}, {}, {}
    for system in SYSTEMS:
        judged = frame.judge(scores[system], budget)
        outcomes[system] = frame.pooled(judged)
        precision[system] = bootstrap(np.concatenate([j.right for j in judged]).astype(float))
        rate[system] = float(np.mean([j.alerts_a_day for j in judged]))
        daily[system] = np.mean([j.days for j in judged], axis=0)
        curves[system] = frame.curve(scores[system], budget)
    if not outcomes["whole"]:
        raise ValueError("no scam's main money leaves within the test days: simulate more days or more cases")
    before = {s: np.array([o.before for o in outcomes[s]]) for s in SYSTEMS}
    gains = {s: paired(before["whole"], before[s]) for s in ("rules", "model")}
    return Backtest(
        budget,
        split,
        len(run.person),
        sum(counts),
        len(outcomes["whole"]),
        outcomes,
        precision,
        rate,
        daily,
        curves,
        gains,
    )


def _scores(c: Candidates) -> dict[str, NDArray[np.float64]]:
    """The score of each system under each group of unseen kinds, shape ``(m, groups)``."""
    # rules give few different values: ties at the threshold are broken at random, the same all day for a person
    mixed = (c.person * 2_654_435_761 + c.time // DAY_MS * 40_503) % 1_000_003
    rules = c.strength + _JITTER * (mixed / 1_000_003)
    return {
        "rules": np.repeat(rules[:, None], GROUPS, axis=1), "model": c.model,
        "whole": together(c.model, c.strength[:, None]),
    }  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """The candidates and cases over the days to be judged."""

    candidates: Candidates
    cases: list[Case]
    rows: NDArray[np.int64]
    back: int
    test: int
    end: int

    def judge(self, score: NDArray[np.float64], budget: float) -> list[Judged]:
        """The judgement under each group of unseen kinds; thresholds follow the budget from the check days on."""
        out = []
        for j in range(score.shape[1]):
            daily = thresholds(self.candidates, score[:, j], budget, self.test, self.end, self.back)
            out.append(judge(self.candidates, score[:, j], daily, self.cases, self.rows, self.test, self.end))
        return out

    def pooled(self, judged: list[Judged]) -> tuple[Outcome, ...]:
        """Every case once, from the judgement of the models that have not seen its kind."""
        found = []
        for j, part in enumerate(judged):
            for case, before, minutes, saved in zip(part.cases, part.before, part.minutes, part.saved, strict=True):
                if SCAM_TYPES.index(case.script) % GROUPS == j:
                    found.append(Outcome(case, bool(before), float(minutes), float(saved)))
        return tuple(sorted(found, key=lambda o: o.case.number))

    def curve(self, score: NDArray[np.float64], budget: float) -> Curve:
        """Recall and precision under parts and multiples of the budget."""
        budgets, recall, precision = np.array(_BUDGETS) * budget, [], []
        for one in budgets:
            judged = self.judge(score, float(one))
            recall.append(np.mean([float(o.before) for o in self.pooled(judged)] or [np.nan]))
            right = np.concatenate([j.right for j in judged])
            precision.append(right.mean() if len(right) else np.nan)
        return Curve(budgets, np.array(recall), np.array(precision))


def _plain(interval: Interval) -> dict[str, float | int]:
    return {k: getattr(interval, k) for k in interval.__slots__}
