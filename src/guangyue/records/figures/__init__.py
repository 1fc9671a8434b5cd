"""Figures (统计): declared counts, computed from what the journal says, each one drilling down to its matters.

A command writes one tally row for every figure its journal entry counts. A rollup adds up whole city days; a question is
answered from the days, from the tallies of the days the window cuts, and from tallies not rolled up yet, so it is exact at
every moment. ``check`` compares the tallies with the journal itself.
"""

from __future__ import annotations

from guangyue.records.figures.blocks import Took, by_block, entries, several_by_day, took
from guangyue.records.figures.check import Difference, check
from guangyue.records.figures.compare import Change, change, share
from guangyue.records.figures.query import Window, by_day, by_unit, members, total, totals
from guangyue.records.figures.rollup import begin_anew, roll
from guangyue.records.figures.standing import Heap, Pile, Standing, in_block, late_rows, stand, standing

__all__ = [
    "Change",
    "Difference",
    "Heap",
    "Pile",
    "Standing",
    "Took",
    "Window",
    "begin_anew",
    "by_block",
    "by_day",
    "by_unit",
    "change",
    "check",
    "entries",
    "in_block",
    "late_rows",
    "members",
    "roll",
    "several_by_day",
    "share",
    "stand",
    "standing",
    "took",
    "total",
    "totals",
]
