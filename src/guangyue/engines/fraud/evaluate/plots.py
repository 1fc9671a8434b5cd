"""Three pictures: precision and recall under growing budgets, lead time, alerts a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.evaluate.backtest import SYSTEMS
from guangyue.engines.fraud.sources import SCAM_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from guangyue.engines.fraud.evaluate.backtest import Backtest

__all__ = ["draw"]

_LOOK = {
    "whole": ("rules and model", "#c0392b", "o"), "rules": ("rules alone", "#2c6e9b", "s"),
    "model": ("model alone", "#7a8b2f", "^"),
}  # fmt: skip
_HOUR, _DAY = 60, 1440


def draw(b: Backtest, folder: Path) -> list[Path]:
    """Writes the pictures as PNG and returns their paths."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, painter in (("precision_recall", _curves), ("lead_time", _lead), ("alerts_a_day", _daily)):
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
        painter(b, axes)
        axes.grid(visible=True, alpha=0.3)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        made.append(folder / f"{name}.png")
        figure.savefig(made[-1], dpi=120)
        plt.close(figure)
    return made


def _curves(b: Backtest, axes: Any) -> None:  # noqa: ANN401 - matplotlib axes
    for system in SYSTEMS:
        label, colour, mark = _LOOK[system]
        curve = b.curves[system]
        axes.plot(curve.recall, curve.precision, color=colour, marker=mark, label=label, linewidth=1.8)
        at = int(np.argmin(np.abs(curve.budget - b.budget)))
        axes.plot(curve.recall[at], curve.precision[at], mark, color=colour, markersize=13, alpha=0.35)
        if system == "whole":
            for x, y, budget in zip(curve.recall, curve.precision, curve.budget, strict=True):
                axes.annotate(f"{budget:g}/day", (x, y), xytext=(6, 6), textcoords="offset points", fontsize=8)
    axes.set(xlabel="recall before the main money leaves", ylabel="precision of alerts", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"{b.cases} held-out scams: month, town and kind all new; large mark: budget {b.budget:g} a day")
    axes.legend(frameon=False)


def _lead(b: Backtest, axes: Any) -> None:  # noqa: ANN401 - matplotlib axes
    kinds = [k for k in SCAM_TYPES[:10] if any(o.case.script == k and o.before for o in b.outcomes["whole"])]
    data = [[max(1.0, o.minutes) for o in b.outcomes["whole"] if o.before and o.case.script == k] for k in kinds]
    if data:
        box = axes.boxplot(
            data, orientation="horizontal", patch_artist=True, widths=0.55, medianprops={"color": "#222222"}
        )
        for patch in box["boxes"]:
            patch.set_facecolor("#e7b8b1")
    labels = [f"{k} ({len(d)}/{b.recall('whole', k).n})" for k, d in zip(kinds, data, strict=True)]
    axes.set_yticks(range(1, len(kinds) + 1), labels)
    axes.set_xscale("log")
    axes.set_xticks([1, 5, 15, _HOUR, 4 * _HOUR, _DAY, 7 * _DAY], ["1 min", "5", "15", "1 h", "4 h", "1 d", "7 d"])
    axes.minorticks_off()
    axes.axvline(5, color="#888888", linestyle=":", linewidth=1)
    axes.set(xlabel="from the alert to the main money leaving (feed delays counted)")
    axes.set_title("Lead time by kind of scam (alerted in time / all)")


def _daily(b: Backtest, axes: Any) -> None:  # noqa: ANN401 - matplotlib axes
    for system in SYSTEMS:
        label, colour, mark = _LOOK[system]
        axes.plot(b.daily[system], color=colour, marker=mark, markersize=4, label=label, linewidth=1.4)
    axes.axhline(b.budget, color="#444444", linestyle="--", linewidth=1, label=f"budget {b.budget:g}")
    axes.set(xlabel="test day", ylabel="alerts", ylim=(0, None))
    axes.set_title("Alerts a day on the test days")
    axes.legend(frameon=False)
