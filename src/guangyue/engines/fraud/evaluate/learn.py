"""One model from a run, as a city trains it: on all towns and kinds of its past months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.fraud.evaluate.collect import table_of
from guangyue.engines.fraud.model.train import train
from guangyue.engines.fraud.sources import SCAM_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from guangyue.engines.fraud.evaluate.collect import Run
    from guangyue.engines.fraud.model.scam import ScamModel
    from guangyue.engines.fraud.model.train import TrainSettings
    from guangyue.engines.fraud.rules.match import RuleSet

__all__ = ["learn"]


def learn(
    run: Run, rules: RuleSet, settings: TrainSettings, from_day: int, to_day: int,
    progress: Callable[[int], None] = lambda _: None,
) -> ScamModel:  # fmt: skip
    """Trains on the days ``from_day … to_day-1``; the rules' measured weights are kept with the model.

    Raises:
        ModelError: when too few people in scams are known.
        ValueError: when no day is left to learn from.
    """
    if not 0 <= from_day < to_day:
        raise ValueError(f"no day to learn from between day {from_day} and day {to_day}")
    found = table_of(run, rules, SCAM_TYPES[:10], from_day, to_day, seed=settings.seed, progress=progress)
    weights = {r.code: float(w) for r, w in zip(found.rules.rules, found.rules.weights, strict=True)}
    origin = f"scripts {run.digest}, days {from_day} to {to_day - 1} of {run.length}"
    return train(found.table, settings, about={"origin": origin, "rule_weights": weights})
