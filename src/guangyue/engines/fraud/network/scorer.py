"""A blend of boosted and extremely randomised trees over a number's totals, ratios and known neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from guangyue.engines.fraud.network.neighbours import neighbour_share, undirected
from guangyue.engines.fraud.network.ratios import with_ratios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse  # type: ignore[import-untyped]

__all__ = ["NumberScorer"]

_MISSING = -1.0


@dataclass(slots=True)
class NumberScorer:
    """Scores all numbers of a table when the labels of some are known (transductive, as a city uses it).

    Two families of trees err differently: boosted trees split hard on a few totals, extremely randomised trees average
    over random cuts. The mean of their probabilities ranks better than either.

    Attributes:
        seed: makes a run repeatable. rounds: boosting rounds. trees: randomised trees. threads: worker threads.
    """

    seed: int = 0
    rounds: int = 600
    trees: int = 600
    threads: int = 1
    columns: tuple[str, ...] = ()
    _models: tuple[Any, ...] = field(default=(), repr=False)

    def table(
        self, values: NDArray[np.float64], columns: Sequence[str], labels: NDArray[np.int_],
        known: NDArray[np.bool_], adjacency: sparse.spmatrix | None = None,
    ) -> NDArray[np.float64]:  # fmt: skip
        """The feature table of all rows; of ``labels`` only those marked ``known`` are read."""
        table, names = with_ratios(values, columns)
        if adjacency is not None:
            table = np.column_stack([table, neighbour_share(undirected(adjacency), labels, known)])
            names = (*names, "degree", "neighbour_fraud", "neighbour_fraud_quiet")
        self.columns = names
        return table

    def fit(self, table: NDArray[np.float64], labels: NDArray[np.int_], known: NDArray[np.bool_]) -> Self:
        """Train on the known rows of a table made by :meth:`table`."""
        import lightgbm
        from sklearn.ensemble import ExtraTreesClassifier  # type: ignore[import-untyped]

        boosted = lightgbm.train(
            {
                "objective": "binary", "learning_rate": 0.02, "num_leaves": 15, "min_data_in_leaf": 20,
                "bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.4, "lambda_l2": 5.0,
                "seed": self.seed, "num_threads": self.threads, "verbosity": -1, "deterministic": True,
                "force_row_wise": True,
            },
            lightgbm.Dataset(table[known], labels[known]), num_boost_round=self.rounds,
        )  # fmt: skip
        random = ExtraTreesClassifier(
            self.trees, min_samples_leaf=2, max_features=0.4, random_state=self.seed, n_jobs=self.threads
        ).fit(np.nan_to_num(table[known], nan=_MISSING), labels[known])
        self._models = (boosted, random)
        return self

    def probability(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """The blended probability of each row.

        Raises:
            RuntimeError: when the scorer was not trained.
        """
        if not self._models:
            raise RuntimeError("train the scorer first")
        boosted, random = self._models
        first = np.asarray(boosted.predict(table), np.float64)
        second = np.asarray(random.predict_proba(np.nan_to_num(table, nan=_MISSING))[:, 1], np.float64)
        return (first + second) / 2
