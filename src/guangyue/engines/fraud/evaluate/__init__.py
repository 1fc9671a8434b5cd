"""How well scams are seen before the money leaves, on months, towns and kinds of scams never trained on (回测评估)."""

#from guangyue.engines.fraud.evaluate.backtest import Backtest, Split, backtest
#from guangyue.engines.fraud.evaluate.collect import Candidates, Run, collect
#from guangyue.engines.fraud.evaluate.measure import Interval, Judged, judge, threshold_for

__all__ = [
    "Backtest",
    "Candidates",
    "Interval",
    "Judged",
    "Run",
    "Split",
    "backtest",
    "collect",
    "judge",
    "threshold_for",
]
