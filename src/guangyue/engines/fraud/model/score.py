"""Rules and model together: one score an event, and why (规则与模型合并评分)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.rules.reasons import feature_reason, reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from numpy.typing import NDArray

    from guangyue.engines.fraud.model.scam import ScamModel
    from guangyue.engines.fraud.rules.match import RuleSet

__all__ = ["MODEL_ONLY", "Scored", "Scorer", "together"]

MODEL_ONLY = "model"
"""The reason code where no rule holds and the model alone raises the alert."""
_AT: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}


def together(model: NDArray[np.float64], strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """The score of both: the model's log-odds and the rules' surprise add up, as independent witnesses' words would."""
    return model + strength


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The scores of some events.

    Attributes:
        rules: bool[n, rules]. strength: float64[n], what the rules say. model: float64[n], calibrated log-odds.
        whole: float64[n], both together.
    """

    rules: NDArray[np.bool_]
    strength: NDArray[np.float64]
    model: NDArray[np.float64]
    whole: NDArray[np.float64]


class Scorer:
    """Rules and a model over the vectors of the engine.

    Each says something the other cannot: the model weighs a hundred habits but has only seen the scams of its training
    months; a rule knows a script it was written for, also one never seen here. A rule adds its weight to the log-odds
    (as an independent witness would), so either can carry an alert, and both together carry it further.
    """

    def __init__(self, rules: RuleSet, model: ScamModel) -> None:
        self.rules, self.model = rules, model

    def score(self, sources: NDArray[np.int64], vectors: NDArray[np.float64]) -> Scored:
        """The scores of events.

        Args:
            sources: int64[n], each event's source.
            vectors: float64[n, names], from the engine.
        """
        matched, strength = self.rules.judge(sources, vectors)
        model = self.model.log_odds(vectors)
        return Scored(matched, strength, model, together(model, strength))

    def reasons(
        self, source: int, vector: NDArray[np.float64], language: Literal["zh", "en"] = "zh", top: int = 3
    ) -> list[tuple[str, str]]:
        """Reason codes and sentences for one event: the rules that hold, the strongest first, then the model's features."""
        held = np.flatnonzero(self.rules.match(np.array([source]), vector[None, :])[0])
        order = sorted(held, key=lambda k: -self.rules.weights[k])
        found = [(self.rules.rules[k].code, reason(self.rules.rules[k], vector, language)) for k in order]
        for name, _ in self.model.why(vector, top):
            found.append((f"{MODEL_ONLY}.{name}", feature_reason(name, float(vector[_AT[name]]), language)))
        return found
