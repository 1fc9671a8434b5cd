"""The back-test in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.fraud.evaluate.backtest import SYSTEMS
from guangyue.engines.fraud.sources import SCAM_TYPES

if TYPE_CHECKING:
    from guangyue.engines.fraud.evaluate.backtest import Backtest

__all__ = ["report"]

_NAMES = {"whole": "rules and model", "rules": "rules alone", "model": "model alone"}


def report(b: Backtest) -> str:
    """Tables in Markdown: the three scores, and each kind of scam."""
    s = b.split
    first = (
        f"{b.residents:,} residents, {b.events:,} events scored, {b.cases} complete scams in {s.test} test days; "
        f"budget {b.budget:g} alerts a day, threshold set every midnight on the {s.check} days before."
    )
    lines = [
        first,
        "Every case is new in month, town and kind of scam to what judges it.",
        "",
        "| | recall before the money leaves | precision | money still there | minutes before (median) | alerts a day |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_system(b, system) for system in SYSTEMS),
        "",
        *(f"Gain in recall over {_NAMES[k]}, paired by case: {g.text('+.3f')}" for k, g in b.gains.items()),
        "",
        "| kind | cases | recall | minutes before | rules alone | model alone |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_kind(b, kind) for kind in SCAM_TYPES[:10] if b.recall("whole", kind).n),
    ]
    return "\n".join(lines) + "\n"


def _system(b: Backtest, system: str) -> str:
    cells = (
        b.recall(system).text(".2f"), b.precision[system].text(".2f"), b.saved(system).text(".2f"),
        b.minutes(system).text(".0f"), f"{b.alerts_a_day[system]:.1f}",
    )  # fmt: skip
    return f"| {_NAMES[system]} | {' | '.join(cells)} |"


def _kind(b: Backtest, kind: str) -> str:
    whole = b.recall("whole", kind)
    cells = (
        str(whole.n), whole.text(".2f"), b.minutes("whole", kind).text(".0f"),
        f"{b.recall('rules', kind).value:.2f}", f"{b.recall('model', kind).value:.2f}",
    )  # fmt: skip
    return f"| {kind} | {' | '.join(cells)} |"
