"""A challenger that scores along but decides nothing (影子模式)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from guangyue.engines.fraud.model.scam import ScamModel

__all__ = ["Shadow"]


class Shadow:
    """Compares a challenger with the model in force over the same events.

    Attributes:
        champion, challenger: the models. threshold: log-odds from which an event would be looked at.
        both, only_champion, only_challenger, neither: events counted.
    """

    def __init__(self, champion: ScamModel, challenger: ScamModel, threshold: float) -> None:
        self.champion, self.challenger, self.threshold = champion, challenger, threshold
        self.both = self.only_champion = self.only_challenger = self.neither = 0
        self._sum = self._square = 0.0

    def see(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores events with both and returns the champion's log-odds, the only ones that act."""
        first, second = self.champion.log_odds(vectors), self.challenger.log_odds(vectors)
        a, b = first >= self.threshold, second >= self.threshold
        self.both += int((a & b).sum())
        self.only_champion += int((a & ~b).sum())
        self.only_challenger += int((~a & b).sum())
        self.neither += int((~a & ~b).sum())
        gap = second - first
        self._sum += float(gap.sum())
        self._square += float(gap @ gap)
        return first

    @property
    def seen(self) -> int:
        """How many events both have scored."""
        return self.both + self.only_champion + self.only_challenger + self.neither

    def report(self) -> dict[str, float]:
        """Agreement above the threshold (Jaccard) and the mean and spread of the difference in log-odds."""
        either = self.both + self.only_champion + self.only_challenger
        mean = self._sum / self.seen if self.seen else 0.0
        spread = np.sqrt(max(0.0, self._square / self.seen - mean**2)) if self.seen else 0.0
        return {
            "events": self.seen, "agreement": self.both / either if either else 1.0,
            "only_champion": self.only_champion, "only_challenger": self.only_challenger,
            "mean_difference": mean, "spread": float(spread),
        }  # fmt: skip
