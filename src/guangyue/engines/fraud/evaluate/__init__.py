"""How well scams are seen before the money leaves, on months, towns and kinds of scams never trained on (回测评估)."""

from guangyue.engines.fraud.evaluate.backtest import Backtest, Split, backtest
from guangyue.engines.fraud.evaluate.collect import Candidates, Run, collect
from guangyue.engines.fraud.evaluate.measure import Interval, Judged, judge, thresholds
from guangyue.engines.fraud.evaluate.plots import draw
from guangyue.engines.fraud.evaluate.report import report

__all__ = [
    "Backtest",
    "Candidates",
    "Interval",
    "Judged",
    "Run",
    "Split",
    "backtest",
    "collect",
    "draw",
    "judge",
    "report",
    "thresholds",
]
