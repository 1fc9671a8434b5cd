"""Rules as the hook of a replay: which of them fire at which person's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.replay import Raised
from guangyue.engines.fraud.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from guangyue.engines.fraud.batch import Batch, Result
    from guangyue.engines.fraud.replay import Hook
    from guangyue.engines.fraud.rules.match import RuleSet

__all__ = ["persons", "rule_hook"]

_PERSON_AT = np.array([s.names.index("person") if "person" in s.names else -1 for s in SOURCES])


def persons(batch: Batch) -> NDArray[np.int64]:
    """The person's token of each event; 0 where there is none."""
    column = _PERSON_AT[batch.source]
    found: NDArray[np.int64] = np.where(column >= 0, batch.values[np.arange(len(batch)), np.maximum(column, 0)], 0)
    return found


def rule_hook(rules: RuleSet) -> Hook:
    """A hook for :class:`~guangyue.engines.fraud.replay.Replay` that raises each rule at each event where it holds."""

    def fires(batch: Batch, result: Result) -> Iterable[Raised]:
        matched = rules.match(batch.source, result.values)
        who = persons(batch)
        events, held = np.nonzero(matched & (who > 0)[:, None])
        return [Raised(rules.rules[r].code, int(who[e]), int(batch.time[e])) for e, r in zip(events, held, strict=True)]

    return fires
