"""Which numbers behave like callers of a scam, from their monthly totals and whom they share (涉诈号码评分)."""

from guangyue.engines.fraud.network.neighbours import neighbour_share, undirected
from guangyue.engines.fraud.network.ratios import RATIOS, Ratio, with_ratios
from guangyue.engines.fraud.network.scorer import NumberScorer

__all__ = ["RATIOS", "NumberScorer", "Ratio", "neighbour_share", "undirected", "with_ratios"]
