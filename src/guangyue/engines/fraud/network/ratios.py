"""Ratios of monthly totals: habits that do not grow with how much a number is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["RATIOS", "Ratio", "with_ratios"]

_FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class Ratio:
    """``over / under`` of two columns, and what a high or low value says."""

    name: str
    over: str
    under: str
    says: str


RATIOS: tuple[Ratio, ...] = (
    Ratio("fresh_callees", "opposite_unique", "opposite_count", "how seldom the same person is called twice"),
    Ratio("fresh_texts", "sms_nunique", "sms_count", "how seldom the same number is texted twice"),
    Ratio("texts_a_call", "sms_count", "opposite_count", "texting rather than calling"),
    Ratio("texts_received", "calltype_2", "sms_count", "share of texts that came in"),
    Ratio("calls_a_day", "opposite_count", "voc_day_nunique", "calls on a day of use"),
    Ratio("flow_an_app", "flow_sum", "busi_count", "traffic of each app"),
    Ratio("bill_a_call", "arpu_sum", "opposite_count", "spending beside calling"),
    Ratio("busiest_hour_calls", "voc_hour_mode_count", "opposite_count", "calls packed into one hour of the day"),
    Ratio("busiest_day_calls", "voc_day_mode_count", "opposite_count", "calls packed into one day of the month"),
    Ratio("busiest_hour_texts", "hour_mode_count", "sms_count", "texts packed into one hour of the day"),
    Ratio("busiest_day_texts", "day_mode_count", "sms_count", "texts packed into one day of the month"),
    Ratio("typical_call", "call_dur_median", "call_dur_mean", "many short calls under a few long ones"),
    Ratio("handsets_a_call", "imeis", "opposite_count", "handsets changed beside use"),
    Ratio("spread", "opposite_unique", "county_name_nunique", "people reached from each county"),
    Ratio("flow_a_yuan", "flow_sum", "arpu_sum", "traffic beside spending"),
)
"""For tables with the columns of the 2020 Sichuan number set; a ratio whose columns a table lacks is left out."""


def with_ratios(values: NDArray[np.float64], columns: Sequence[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """The table with its ratios and the number of missing values of each row appended, and all column names.

    Args:
        values: shape ``(rows, columns)``; NaN is missing and stays missing in a ratio.
        columns: the names of the columns.
    """
    at = {name: i for i, name in enumerate(columns)}
    kept = [r for r in RATIOS if r.over in at and r.under in at]
    extra = [values[:, at[r.over]] / (np.abs(values[:, at[r.under]]) + _FLOOR) for r in kept]
    extra.append(np.isnan(values).sum(axis=1).astype(np.float64))
    return np.column_stack([values, *extra]), (*columns, *(r.name for r in kept), "missing")
