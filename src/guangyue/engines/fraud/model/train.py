"""From labelled vectors to a calibrated model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.model.drift import Reference
from guangyue.engines.fraud.model.rising import constraints
from guangyue.engines.fraud.model.scam import ModelError, ScamModel
from guangyue.engines.fraud.model.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["Table", "TrainSettings", "train"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Labelled vectors.

    Attributes:
        rows: float64[n, names]. label: bool[n], the person is in the hands of a scammer. weight: float64[n], how many
            events of the stream a row stands for. group: int64[n], rows of one person or story share it. time: int64[n].
    """

    rows: NDArray[np.float64]
    label: NDArray[np.bool_]
    weight: NDArray[np.float64]
    group: NDArray[np.int64]
    time: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.label)

    def take(self, keep: NDArray[np.bool_]) -> Table:
        """The rows marked."""
        return Table(self.rows[keep], self.label[keep], self.weight[keep], self.group[keep], self.time[keep])


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSettings:
    """How a model is trained.

    Attributes:
        rounds, leaves, rate: boosting rounds, leaves a tree, learning rate. least: rows a leaf needs.
        columns: share of the features each tree may use. seed: repeatable. threads: worker threads.
        balance: the weight of all fraud rows together relative to all others. holdout: share of groups for calibration.
    """

    rounds: int = 120
    leaves: int = 15
    rate: float = 0.06
    least: int = 20
    columns: float = 0.4
    seed: int = 0
    threads: int = 1
    balance: float = 0.3
    holdout: float = 0.25


def train(
    table: Table, settings: TrainSettings | None = None, *, about: dict[str, Any] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ScamModel:  # fmt: skip
    """Trains on part of the groups, calibrates on the rest, then trains on all of them with that calibration.

    Raises:
        ModelError: ``model.labels`` when there are too few groups with or without fraud.
    """
    s = settings or TrainSettings()
    fraud_groups, honest_groups = np.unique(table.group[table.label]), np.unique(table.group[~table.label])
    if min(len(fraud_groups), len(honest_groups)) < 4:  # noqa: PLR2004 - said in the sentence
        raise ModelError("model.labels", "training needs at least four groups with fraud and four without")
    rng = np.random.default_rng((s.seed, 5))
    held = np.isin(table.group, _some(rng, fraud_groups, s.holdout)) | np.isin(
        table.group, _some(rng, np.setdiff1d(honest_groups, fraud_groups), s.holdout)
    )
    progress(f"first fit on {int((~held).sum()):,} rows")
    first = Trees.of(_boost(table.take(~held), s))
    part = table.take(held)
    slope, offset = _line(first.raw(part.rows), part.label, part.weight)
    progress(f"final fit on {len(table):,} rows")
    trees = Trees.of(_boost(table, s))
    told = {
        "rows": len(table), "fraud_rows": int(table.label.sum()), "fraud_groups": len(fraud_groups),
        "events": float(table.weight.sum()), "from": int(table.time.min()), "to": int(table.time.max()),
        "features": len(NAMES), "settings": {k: getattr(s, k) for k in s.__slots__}, "trees": len(trees.roots),
        "gain": _gain(trees),
    }  # fmt: skip
    return ScamModel(trees, slope, offset, Reference.of(table.rows, table.weight), told | (about or {}))


def _some(rng: np.random.Generator, groups: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    return rng.permutation(groups)[: max(1, round(share * len(groups)))]


def _boost(table: Table, s: TrainSettings) -> Any:  # noqa: ANN401 - a lightgbm.Booster, which has no types
    import lightgbm

    weight = table.weight.copy()
    # one story with many records must not outweigh the others
    _, at, size = np.unique(table.group, return_inverse=True, return_counts=True)
    weight[table.label] = 1.0 / np.sqrt(size[at][table.label])
    weight[table.label] *= s.balance * weight[~table.label].sum() / weight[table.label].sum()
    weight /= weight.mean()
    parameters = {
        "objective": "binary", "num_leaves": s.leaves, "learning_rate": s.rate, "min_data_in_leaf": s.least,
        "min_sum_hessian_in_leaf": 1.0, "feature_fraction": s.columns, "bagging_fraction": 0.7, "bagging_freq": 1,
        "lambda_l2": 3.0, "seed": s.seed, "num_threads": s.threads, "verbosity": -1, "deterministic": True,
        "force_row_wise": True, "max_bin": 127, "monotone_constraints": constraints(),
    }  # fmt: skip
    data = lightgbm.Dataset(table.rows, table.label.astype(np.float64), weight=weight)
    return lightgbm.train(parameters, data, num_boost_round=s.rounds)


def _line(raw: NDArray[np.float64], label: NDArray[np.bool_], weight: NDArray[np.float64]) -> tuple[float, float]:
    """The logistic line from raw score to the log-odds of the unsampled stream (Platt)."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    line = LogisticRegression(C=100.0, max_iter=1_000).fit(raw[:, None], label, sample_weight=weight)
    slope = float(line.coef_[0, 0])
    return (slope, float(line.intercept_[0])) if slope > 0 else (1.0, 0.0)


def _gain(trees: Trees) -> list[tuple[str, int]]:
    """The features by how many splits use them, the thirty most used."""
    used = np.bincount(trees.feature, minlength=len(NAMES))
    return [(NAMES[k], int(used[k])) for k in np.argsort(-used)[:30] if used[k]]
