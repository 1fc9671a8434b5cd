"""Rules compiled to arrays and asked of many vectors at once, or of one in about a microsecond."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numba
import numpy as np

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.rules.grammar import ABSENT, OPERATORS
from guangyue.engines.fraud.sources import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from guangyue.engines.fraud.rules.grammar import Rule

__all__ = ["RuleSet"]

_MOST = 12.0
_OTHERS = 0.2
_OPS: tuple[str, ...] = (*OPERATORS, ABSENT)


@numba.njit(cache=True, nogil=True)
def _holds(op: int, value: float, against: float) -> bool:
    """Whether a comparison holds; NaN compares false with everything, also under ``!=``."""
    if op == 6:  # noqa: PLR2004 - the place of `is absent`
        return bool(np.isnan(value))
    if np.isnan(value) or np.isnan(against):
        return False
    if op == 0:
        return value >= against
    if op == 1:
        return value > against
    if op == 2:  # noqa: PLR2004 - places in OPERATORS
        return value <= against
    if op == 3:  # noqa: PLR2004
        return value < against
    if op == 4:  # noqa: PLR2004
        return value == against
    return value != against


@numba.njit(cache=True, nogil=True)
def _match(
    sources: NDArray[np.int64], vectors: NDArray[np.float64], masks: NDArray[np.int64], lines: NDArray[np.int64],
    terms: NDArray[np.int64], columns: NDArray[np.int64], ops: NDArray[np.int64], numbers: NDArray[np.float64],
    others: NDArray[np.int64], weights: NDArray[np.float64], out: NDArray[np.bool_], said: NDArray[np.float64],
) -> None:  # fmt: skip
    """``out[event, rule]`` and what all of them say; ``lines`` cut lines into rules, ``terms`` comparisons into lines."""
    for event in range(len(sources)):
        most, total = 0.0, 0.0
        for rule in range(len(masks)):
            fired = (masks[rule] >> sources[event]) & 1 == 1
            line = lines[rule]
            while fired and line < lines[rule + 1]:
                one = False
                term = terms[line]
                while not one and term < terms[line + 1]:
                    against = numbers[term]
                    if others[term] >= 0:
                        against *= vectors[event, others[term]]
                    one = _holds(ops[term], vectors[event, columns[term]], against)
                    term += 1
                fired = one
                line += 1
            out[event, rule] = fired
            if fired:
                most = max(most, weights[rule])
                total += weights[rule]
        said[event] = most + _OTHERS * (total - most)


class RuleSet:
    """Compiled rules.

    Attributes:
        rules: in the order of the file, which is the order of the columns of :meth:`match`.
    """

    def __init__(self, rules: Sequence[Rule], names: Sequence[str] = NAMES) -> None:
        self.rules = tuple(rules)
        at = {name: i for i, name in enumerate(names)}
        number = {code: i for i, code in enumerate(BY_CODE)}
        every = (1 << len(number)) - 1
        lines = [line for rule in self.rules for line in rule.when]
        found = [condition for line in lines for condition in line]
        self._arrays = (
            np.array([sum(1 << number[c] for c in r.on) or every for r in self.rules], np.int64),
            np.cumsum([0] + [len(r.when) for r in self.rules]).astype(np.int64),
            np.cumsum([0] + [len(line) for line in lines]).astype(np.int64),
            np.array([at[c.name] for c in found], np.int64),
            np.array([_OPS.index(c.op) for c in found], np.int64),
            np.array([c.number for c in found], np.float64),
            np.array([at[c.other] if c.other else -1 for c in found], np.int64),
        )
        self.weights = np.array([r.weight for r in self.rules])

    def weighed(self, alarms: NDArray[np.int64], person_days: int) -> RuleSet:
        """The same rules, each weighing as much as its alarm is a surprise: ``-log`` of how often it came.

        No case and no label is needed, so a rule for a scam nobody has reported yet is weighed as fairly as any other;
        a rule that half the town sets off sinks, whatever level its author gave it.

        Args:
            alarms: int64[rules], person-days on which each rule held.
            person_days: person-days watched.
        """
        found = copy.copy(self)
        found.weights = np.minimum(-np.log((alarms + 0.5) / (person_days + 1.0)), _MOST)
        return found

    def judge(
        self, sources: NDArray[np.int64], vectors: NDArray[np.float64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which rules hold at which events, and how strongly they speak together.

        Args:
            sources: int64[n], each event's source.
            vectors: float64[n, names].

        Returns:
            bool[n, rules]; float64[n], the strongest weight and a fifth of all others.
        """
        found, said = np.empty((len(sources), len(self.rules)), np.bool_), np.empty(len(sources))
        _match(sources, vectors, *self._arrays, self.weights, found, said)
        return found, said

    def match(self, sources: NDArray[np.int64], vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which rules hold at which events, bool[n, rules]; see :meth:`judge`."""
        return self.judge(sources, vectors)[0]

    def strength(self, matched: NDArray[np.bool_]) -> NDArray[np.float64]:
        """How strongly given rules speak at each event; see :meth:`judge`."""
        weights = matched * self.weights
        strongest = weights.max(axis=1, initial=0.0)
        said: NDArray[np.float64] = strongest + _OTHERS * (weights.sum(axis=1) - strongest)
        return said
