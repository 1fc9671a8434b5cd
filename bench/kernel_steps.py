"""kernel.steps: random legal and illegal steps over all skeleton procedures, each judged by an independent model."""

from __future__ import annotations

from collections.abc import Iterable

from bench.table import Bench, Row, row

SEEDS = range(10)
STEPS = 2_500


def measure() -> Iterable[Row]:
    """25,000 steps in ten walks; the figure is the number of steps, and one violation fails the row."""
    from tests.kernel.walk import walk

    done = violations = decided = 0
    for seed in SEEDS:
        tally = walk(seed, STEPS)
        done += tally.steps
        decided += tally.decided
        violations += len(tally.violations)
    how = f"{violations} violations of {done:,} steps ({decided:,} legal), seeds {SEEDS.start}–{SEEDS.stop - 1}, all skeletons"
    yield row("kernel.steps", done, how, ok=violations == 0)


BENCHES = (Bench(("kernel.steps",), measure),)
